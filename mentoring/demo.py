"""The demo's mentoring: alumni offer, participants choose, the engine matches, pairs meet; coaching groups too."""

from datetime import timedelta

from cohorts.models import Cohort, Place
from leaders.components.dates import london_date
from leaders.people.actions import know_person
from leaders.people.demo import Entrance, World, entrance, part
from leaders.people.models import Organisation, Person
from modules.models import Session

from .actions import (
    add_coach,
    agree,
    answer_review,
    approve_mentor,
    change_agreement,
    close_mentorships,
    confirm_groups,
    confirm_match,
    decline_mentorship,
    form_groups,
    invite_mentor,
    opt_in,
    opt_out,
    plan_meeting,
    plan_session,
    propose_match,
    record_meeting,
    record_session,
    record_training,
    state_preferences,
    thank_mentors,
    volunteer,
)
from .models import (
    Coach,
    CoachingGroup,
    CoachingSession,
    MatchRun,
    Mentor,
    MentoringRules,
    Mentorship,
    MentorshipReview,
    MentorTraining,
    Mode,
    Side,
)
from .relationship import review_dates
from .setup import CRITERIA

OLDER_ALUMNI, COACHES = 20, 6
SESSIONS, SESSION_WEEKS, LASTS = 6, 6, timedelta(minutes=90)
THEMES = [key for key, group, *_ in CRITERIA if group == "theme"]
STEPS = [key for key, group, *_ in CRITERIA if group == "step"]
SERVICES = {
    "Adult social care": "service-care", "Community health": "service-care", "Health commissioning": "service-care",
    "Children’s services": "service-children", "Education and SEND": "service-children",
    "Youth services": "service-children", "Housing": "service-housing",
    "Environment and public realm": "service-place", "Planning and regeneration": "service-place",
    "Community safety": "service-safety", "Policing": "service-safety", "Probation": "service-safety",
    "Public health": "service-public-health", "Mental health": "service-public-health",
    "Culture and communities": "service-voluntary", "Voluntary sector": "service-voluntary",
}  # fmt: skip
HOPES = (
    "Somebody who asks good questions, and has sat in the chair I would like to sit in.",
    "An hour a month in which nobody wants a decision from me.",
    "To see how somebody else handles members who disagree in public.",
    "Honest words about whether I want the next post, or only the title.",
)


@part(order=40, title="Mentors offer, are matched and meet; coaching groups")
def mentoring(world: World):
    world.kept["on_cohort"].append(story)


def story(world: World, cohort: Cohort):
    rules = MentoringRules.of(cohort)
    world.at(cohort.starts_on - timedelta(days=45), find_mentors, world, cohort)
    world.at(cohort.starts_on + timedelta(days=1), ask_participants, world, cohort)
    world.at(rules.matching_on(cohort), match, world, cohort)
    world.at(cohort.starts_on + timedelta(days=12), make_groups, world, cohort)
    world.at(cohort.ends_on + timedelta(days=2), lambda: close_mentorships(now=world.now))
    world.at(cohort.ends_on + timedelta(days=8), thank, world, cohort)


# Mentors


def find_mentors(world: World, cohort: Cohort):
    """For the first cohort the office asks alumni from before this system; later ones offer after they graduate."""
    if not Mentor.objects.exists():
        boroughs = list(Organisation.objects.authorities().order_by("pk"))
        for organisation in world.chance.sample(boroughs, OLDER_ALUMNI):
            somebody = world.somebody()
            person = know_person(
                name=somebody["name"], email=somebody["email"], by=world.kept["director"], now=world.now,
                organisation=organisation, known_as=somebody["known_as"], pronouns=somebody["pronouns"],
                service=somebody["service"],
                role_title=somebody["role_title"].replace("Assistant Director", "Director"),
            )  # fmt: skip
            invite_mentor(person=person, by=world.kept["director"], now=world.now)
            world.at(world.days_later(world.chance.randrange(1, 15), 19), offer, world, person)
        return
    for place in Place.objects.alumni().filter(person__mentor=None, pk__isnull=False).select_related("person"):
        if world.chance.random() < 0.6:
            world.at(world.days_later(world.chance.randrange(1, 20), 19), offer, world, place.person)
    for mentor in Mentor.objects.approved().with_training():
        if not mentor.is_trained(cohort.starts_on + timedelta(days=120)) and world.chance.random() < 0.7:
            world.at(world.days_later(40), train, world, mentor)


def offer(world: World, person: Person):
    words = world.texts["mentor_offers"][person.pk % len(world.texts["mentor_offers"])]
    levels = {THEMES[number - 1]: world.chance.choice((3, 4)) for number in words["modules"]}
    levels |= {key: world.chance.choice((1, 2, 3)) for key in world.chance.sample(THEMES, 2) if key not in levels}
    levels[SERVICES.get(person.service, "service-corporate")] = 4
    levels |= {key: world.chance.choice((2, 3, 4)) for key in world.chance.sample(STEPS, 2)}
    mentor = volunteer(
        person=person, by=person, now=world.now, capacity=world.chance.choices((1, 2, 3), (5, 4, 1))[0],
        modes=[Mode.VIDEO, *world.chance.sample([Mode.IN_PERSON, Mode.PHONE], 1)], offers=levels, offer=words["text"],
        meets_at=f"Near {person.organisation}", availability=world.chance.choice(("Mornings", "After four", "Fridays")),
    )  # fmt: skip
    world.at(world.days_later(3), approve, world, mentor)


def approve(world: World, mentor: Mentor):
    approve_mentor(mentor=mentor, by=world.kept["director"], now=world.now)
    if world.chance.random() < 0.92:
        world.at(world.days_later(10), train, world, mentor)


def train(world: World, mentor: Mentor):
    kind = MentorTraining.Kind.REFRESHER if mentor.trainings.exists() else MentorTraining.Kind.FULL
    record_training(mentor=mentor, kind=kind, on=london_date(world.now), by=world.kept["administrator"], now=world.now)


def thank(world: World, cohort: Cohort):
    thank_mentors(cohort=cohort, by=world.kept["director"], now=world.now)


# Participants, and the match


def ask_participants(world: World, cohort: Cohort):
    """Where the year still runs, one in four takes until these days: that matching is left to the visitor."""
    for place in cohort.places.active().select_related("person", "cohort"):
        when = world.days_later(world.chance.randrange(0, 18), 20)
        if place.pk % 4 == 0 and cohort.ends_on > world.today:
            when = world.end - timedelta(days=world.chance.randrange(1, 6))
        world.at(when, answer, world, place)


def answer(world: World, place: Place):
    fate = world.chance.random()
    if fate < 0.05:
        opt_out(place=place, by=place.person, now=world.now)
    elif fate < 0.97:
        wants = dict.fromkeys([*world.chance.sample(THEMES, 3), world.chance.choice(STEPS)], 2)
        wants[SERVICES.get(place.service, "service-corporate")] = 2
        wants[next(iter(wants))] = 4
        opt_in(
            place=place, by=place.person, now=world.now, wants=wants, modes=[Mode.VIDEO, Mode.IN_PERSON],
            looking_for=world.chance.choice(HOPES), shares=["carer"] if place.pk % 5 == 0 else [],
        )  # fmt: skip
        others = list(Mentor.objects.approved().exclude(person__organisation=place.organisation).order_by("pk"))
        if others and world.chance.random() < 0.7:
            chosen = world.chance.sample(others, min(3, len(others)))
            state_preferences(place=place, mentors=chosen, by=place.person, now=world.now)


def match(world: World, cohort: Cohort):
    propose_match(cohort=cohort, by=world.kept["director"], now=world.now)
    world.at(world.now + timedelta(hours=3), confirm, world, cohort)


def confirm(world: World, cohort: Cohort):
    run = cohort.match_runs.filter(state=MatchRun.State.PROPOSED).first()
    if run is None or not run.pairs.exclude(mentor=None).exists():
        return
    for mentorship in confirm_match(run=run, by=world.kept["director"], now=world.now):
        if mentorship.pk == cohort.mentorships.order_by("pk").first().pk:
            world.at(world.days_later(2, 18), decline, world, mentorship)
        else:
            world.at(world.days_later(world.chance.randrange(3, 24), 17), begin, world, mentorship)


def decline(world: World, mentorship: Mentorship):
    decline_mentorship(mentorship=mentorship, by=mentorship.place.person, now=world.now)
    world.at(world.days_later(3), confirm, world, mentorship.cohort)


def begin(world: World, mentorship: Mentorship):
    """They meet; most write an agreement, some fall silent, and some plan the next time here."""
    mentee, mentor = mentorship.place.person, mentorship.mentor.person
    meet(world, mentorship)
    agreement = change_agreement(
        mentorship=mentorship, aims="To think aloud about the next post, and to be told what I do not see.",
        frequency=mentorship.agreement.frequency, ending=mentorship.agreement.ending,
        version=mentorship.agreement.version, by=mentee, now=world.now,
    )  # fmt: skip
    if world.chance.random() < 0.8:
        agree(mentorship=mentorship, version=agreement.version, by=mentor, now=world.now + timedelta(minutes=40))
    middle = review_dates(mentorship)[MentorshipReview.Kind.MIDDLE]
    for side in Side:
        if world.chance.random() < 0.7:
            world.at(middle + timedelta(days=world.chance.randrange(1, 9)), look_back, world, mentorship, side)


def meet(world: World, mentorship: Mentorship):
    mentorship.refresh_from_db()
    if not mentorship.is_live:
        return
    side = world.chance.choice(list(Side))
    record_meeting(
        mentorship=mentorship, on=london_date(world.now), mode=world.chance.choice(Mode.values),
        by=mentorship.person(side), now=world.now, useful=world.chance.random() < 0.9,
    )  # fmt: skip
    falls_silent = mentorship.pk % 6 == 0 and mentorship.meetings.count() >= 2
    following = world.days_later(world.chance.randrange(22, 36), 17)
    if not falls_silent and london_date(following) < mentorship.cohort.graduation_on:
        if world.chance.random() < 0.5:
            plan_meeting(
                mentorship=mentorship, at=following - timedelta(minutes=60), mode=Mode.VIDEO,
                by=mentorship.person(side), now=world.now,
            )  # fmt: skip
        world.at(following, meet, world, mentorship)


def look_back(world: World, mentorship: Mentorship, side: str):
    mentorship.refresh_from_db()
    if mentorship.is_live:
        answer_review(
            mentorship=mentorship, kind=MentorshipReview.Kind.MIDDLE, by=mentorship.person(side), now=world.now,
            going=world.chance.choices(MentorshipReview.Going.values, (8, 2, 1))[0],
            wants_to_talk=world.chance.random() < 0.05,
        )  # fmt: skip


# Coaching groups


def make_groups(world: World, cohort: Cohort):
    if not Coach.objects.exists():
        health = list(Organisation.objects.of_kinds(["health", "voluntary", "regional"]).order_by("pk"))
        for number in range(COACHES):
            somebody = world.somebody()
            person = know_person(
                name=somebody["name"], email=somebody["email"], by=world.kept["director"], now=world.now,
                organisation=health[number % len(health)] if health else None, role_title="Executive coach",
                known_as=somebody["known_as"], pronouns=somebody["pronouns"],
            )  # fmt: skip
            add_coach(
                person=person, by=world.kept["director"], now=world.now,
                about="Has led in public service, and coached there since. Listens first.",
            )  # fmt: skip
    form_groups(cohort=cohort, by=world.kept["director"], now=world.now)
    world.at(world.days_later(2), start_groups, world, cohort)


def start_groups(world: World, cohort: Cohort):
    for group in confirm_groups(cohort=cohort, by=world.kept["director"], now=world.now):
        world.at(world.days_later(2, 16), plan_sessions, world, group)


def plan_sessions(world: World, group: CoachingGroup):
    for number in range(SESSIONS):
        starts = world.days_later(21 + 7 * SESSION_WEEKS * number + group.number % 4, 14)
        while Session.objects.kept().for_cohort(group.cohort).during(starts, starts + LASTS).exists():
            starts += timedelta(weeks=1)
        session = plan_session(
            group=group, starts=starts, ends=starts + LASTS, where=group.cohort.venue, by=group.coach.person,
            now=world.now,
        )  # fmt: skip
        world.at(session.ends + timedelta(minutes=30), take_register, world, session)


def take_register(world: World, session: CoachingSession):
    members = session.group.members.filter(place__status=Place.Status.ACTIVE)
    present = {member.place_id for member in members if world.chance.random() < 0.9}
    record_session(session=session, present=present, by=session.group.coach.person, now=world.now)


@entrance(order=80)
def mentor_with_mentees():
    mentor = Mentor.objects.approved().filter(active__gt=0).select_related("person").order_by("-active", "pk").first()
    return mentor and Entrance("Mentor", mentor.person)


@entrance(order=85)
def coach():
    group = CoachingGroup.objects.confirmed().filter(cohort__status="live").select_related("coach__person").first()
    return group and group.coach and Entrance("Coach", group.coach.person)
