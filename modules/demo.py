"""The demo's year: modules with speakers and reading, attendance, feedback, teams, the questionnaire, contracts."""

from contextlib import suppress
from datetime import timedelta
from itertools import islice

from django.utils import timezone

from cohorts.models import Cohort, Place
from leaders.components.dates import london_date
from leaders.people.demo import Entrance, World, entrance, part
from leaders.people.links import live
from leaders.people.refusals import NotPossible

from .actions import (
    add_challenge,
    add_goal,
    add_material,
    book_speaker,
    change_session,
    choose_challenges,
    comment_on_contract,
    complete_catch_up,
    confirm_module,
    confirm_teams,
    draft_contract,
    form_teams,
    give_feedback,
    log_experiment,
    mark_read,
    propose_contract,
    record_presentation,
    record_register,
    review_contract,
    review_goal,
    save_answers,
    send_signing_link,
    set_catch_up,
    share_plan,
    sign_contract,
    start_response,
    submit_response,
    write_challenge,
    write_contract,
)
from .actions.contract import SIGNING
from .models import Attendance, Feedback, LearningContract, Module, Party, Session, Wave
from .registry import reader_of

READING = (
    ("What a system remembers", 20, "https://example.org/reading/what-a-system-remembers"),
    ("Notes before we meet", 10, "https://example.org/reading/notes"),
)


@part(order=30, title="The year is lived: modules, teams, questionnaire, contract and plan")
def year(world: World):
    world.kept["on_cohort"].append(story)


def story(world: World, cohort: Cohort):
    world.at(cohort.starts_on - timedelta(days=30), brief, world, cohort)
    for module in cohort.modules.all():
        for session in module.sessions.kept():
            world.at(session.ends + timedelta(minutes=45), take_register, world, session)
        days = list(module.sessions.kept().order_by("starts"))
        world.at(days[0].starts - timedelta(days=49), prepare, world, module)
        world.at(days[0].starts - timedelta(days=16), give_reading, world, module)
        world.at(days[-1].ends + timedelta(days=1), ask_feedback, world, module)
    for wave in cohort.waves.all():
        world.at(wave.opens_on, ask_questionnaire, world, wave)
    world.at(cohort.starts_on - timedelta(days=21), begin_contracts, world, cohort)
    world.at(cohort.starts_on + timedelta(days=14), begin_plans, world, cohort)
    first = cohort.modules.get(number=1).sessions.kept().order_by("starts").first()
    world.at(first.starts + timedelta(days=7), make_teams, world, cohort)
    world.at(cohort.graduation_on - timedelta(days=14), present, world, cohort)


def brief(world: World, cohort: Cohort):
    for words in world.texts["challenges"]:
        add_challenge(
            cohort=cohort, title=words["title"], question=words["question"], background=words["background"],
            problem_owner=words["problem_owner"], by=world.kept["director"], now=world.now,
        )  # fmt: skip


def prepare(world: World, module: Module):
    """The venue is confirmed and speakers booked some weeks ahead; the next module's is still open."""
    director = world.kept["director"]
    confirm_module(module=module, venue=module.venue or module.cohort.venue, by=director, now=world.now)
    days = world.texts["modules"][module.number - 1]["days"]
    for session, words in zip(module.sessions.kept().order_by("starts"), days, strict=False):
        change_session(session=session, title=words["title"], by=director, now=world.now)
        for talk in words["sessions"]:
            speaker = world.texts["speakers"].get(talk["speaker"] or "")
            if speaker:
                book_speaker(session=session, topic=talk["title"], by=director, now=world.now, **speaker)


def give_reading(world: World, module: Module):
    due_on = london_date(module.sessions.kept().order_by("starts").first().starts) - timedelta(days=3)
    for title, minutes, url in READING:
        material = add_material(
            module=module, title=f"{title}: {module.title}", url=url, minutes=minutes, due_on=due_on,
            by=world.kept["administrator"], now=world.now,
        )  # fmt: skip
        for place in module.cohort.places.active():
            if world.chance.random() < 0.7:
                when = world.days_later(world.chance.randrange(1, 12), 20)
                world.at(when, lambda m=material, p=place: mark_read(material=m, place=p, read=True, now=world.now))


def take_register(world: World, session: Session):
    status = Attendance.Status
    kinds, weights = (status.PRESENT, status.REMOTE, status.ABSENT, status.ADJUSTED), (90, 4, 4, 2)
    never_absent = session.module.number in {1, 6}
    marks = {}
    for place in session.cohort.places.active():
        mark = world.chance.choices(kinds, weights)[0]
        marks[place.pk] = status.PRESENT if never_absent and mark == status.ABSENT else mark
    record_register(session=session, marks=marks, by=world.kept["administrator"], now=world.now)
    for missed in Attendance.objects.filter(session=session, status=status.ABSENT).select_related("place__person"):
        catch_up = set_catch_up(
            attendance=missed, task="Speak with somebody who was there, and write what you take from it.", minutes=45,
             due_on=london_date(world.now) + timedelta(days=21), by=world.kept["director"], now=world.now,
        )  # fmt: skip
        if world.chance.random() < 0.8:
            world.at(
                world.days_later(world.chance.randrange(4, 19), 17),
                lambda c=catch_up: complete_catch_up(
                    catch_up=c, words="That listening first would have saved us a year.", by=c.attendance.place.person,
                    now=world.now,
                ),
            )  # fmt: skip


def ask_feedback(world: World, module: Module):
    words = [said for said in world.texts["feedback"] if said["module"] == module.number]
    for place in module.cohort.places.active().select_related("person"):
        if world.chance.random() < 0.75:
            said = world.chance.choice(words)
            world.at(world.days_later(world.chance.randrange(0, 9), 19), give, world, module, place, said)


def give(world: World, module: Module, place: Place, said: dict):
    ratings = {name: world.chance.choices((3, 4, 5), (2, 5, 4))[0] for name in Feedback.STATEMENTS}
    give_feedback(
        module=module, place=place, answers=ratings, comment=said["text"] if world.chance.random() < 0.5 else "",
        by=place.person, now=world.now,
    )  # fmt: skip


def make_teams(world: World, cohort: Cohort):
    challenges = list(cohort.challenges.all())
    for place in cohort.places.active().select_related("person"):
        choose_challenges(place=place, challenges=world.chance.sample(challenges, 3), by=place.person, now=world.now)
    form_teams(cohort=cohort, by=world.kept["director"], now=world.now)
    world.at(world.days_later(5), confirm, world, cohort)


def confirm(world: World, cohort: Cohort):
    for team in confirm_teams(cohort=cohort, by=world.kept["director"], now=world.now):
        words = next(words for words in world.texts["challenges"] if words["title"] == team.challenge.title)
        for number, tried in enumerate(words["experiments"]):
            world.at(world.days_later(60 + 50 * number, 18), experiment, world, team, tried)
        world.at(world.days_later(200, 18), conclude, world, team, words)


def experiment(world: World, team, tried: dict):
    writer = world.chance.choice([member.place.person for member in team.members.select_related("place__person")])
    log_experiment(team=team, tried_on=london_date(world.now), by=writer, now=world.now, **tried)


def conclude(world: World, team, words: dict):
    writer = team.members.select_related("place__person").first().place.person
    team.challenge.refresh_from_db()
    write_challenge(
        team=team, version=team.challenge.version, stakeholders=words["stakeholders"], learning=words["learning"],
        final_offer=words["final_offer"], by=writer, now=world.now,
    )  # fmt: skip


def present(world: World, cohort: Cohort):
    for team in cohort.teams.confirmed():
        record_presentation(
            team=team, presented_on=london_date(world.now), by=world.kept["administrator"], now=world.now
        )


def ask_questionnaire(world: World, wave: Wave):
    days = max((wave.due_on - wave.opens_on).days, 2)
    for place in wave.cohort.places.exclude(status__in=("withdrawn", "deferred")).select_related("person"):
        if world.chance.random() < 0.97:
            world.at(world.days_later(world.chance.randrange(0, days), 20), fill_in, world, wave, place)


def fill_in(world: World, wave: Wave, place: Place):
    """Answers around a level of the person's own, a little higher at the end than before."""
    response = start_response(wave=wave, place=place, today=london_date(world.now), now=world.now)
    if response.submitted_at:
        return
    growth = 0.0 if wave.kind == Wave.Kind.BEFORE else 0.55
    instrument = wave.instrument
    level = {d.key: 3.2 + (place.pk * 7 + n * 5) % 13 / 10 - 0.55 + growth for n, d in enumerate(instrument.dimensions)}

    def somewhere_near(middle: float) -> int:
        return min(5, max(1, round(world.chance.gauss(middle, 0.75))))

    answers: dict[str, int | None] = {}
    for item in instrument.items:
        answer = somewhere_near(level[item.dimension])
        answers[item.id] = None if world.chance.random() < 0.02 else 6 - answer if item.reverse else answer
    save_answers(
        response=response, by=place.person, answers=answers, importance={key: somewhere_near(4.2) for key in level},
        then={key: somewhere_near(middle - growth) for key, middle in level.items()} if wave.looks_back else None,
    )  # fmt: skip
    submit_response(response=response, by=place.person, now=world.now)


def begin_contracts(world: World, cohort: Cohort):
    for place in cohort.places.active().select_related("person", "sponsor", "line_manager", "cohort"):
        world.at(world.days_later(world.chance.randrange(0, 12), 12), propose, world, place)


def propose(world: World, place: Place):
    contract = draft_contract(place=place, by=place.person, now=world.now)
    if contract.status != LearningContract.Status.DRAFT:
        return
    purpose = "\n".join(goal["goal"] for goal in islice(_goals_for(world, place), 2))
    write_contract(contract=contract, texts={"purpose": purpose}, seen={}, by=place.person, now=world.now)
    propose_contract(contract=contract, version=contract.version, by=place.person, now=world.now)
    if place.pk % 9 == 0:
        world.at(world.days_later(3, 9), ask_about, world, contract)
    # In each cohort the first one waits for its sponsor, so that there is one to see.
    waits = world.kept.setdefault(("unsigned", place.cohort_id), place.pk) == place.pk
    if not waits and world.chance.random() < 0.95:
        world.at(world.days_later(world.chance.randrange(1, 9), 9), sponsor_signs, world, contract)
        world.at(contract.review_on, lambda: review(world, contract))
    elif place.sponsor:
        world.at(world.end - timedelta(days=2), ask_for_a_new_link, world, contract)


def ask_for_a_new_link(world: World, contract: LearningContract):
    """The sponsor who has not signed finds that the link has expired, and asks for another."""
    contract.refresh_from_db()
    with suppress(NotPossible):  # the place has ended meanwhile
        send_signing_link(contract=contract, reader=contract.place.sponsor, now=world.now)


def ask_about(world: World, contract: LearningContract):
    manager = contract.place.line_manager
    comment_on_contract(
        contract=contract, by=manager, now=world.now,
        words="Could we say which two meetings you will hand over, so that the time is really there?",
    )  # fmt: skip


def sponsor_signs(world: World, contract: LearningContract):
    contract.refresh_from_db()
    sponsor, director = contract.place.sponsor, world.kept["director"]
    for party, person in ((Party.SPONSOR, sponsor), (Party.PROGRAMME, director)):
        sign_contract(
            contract=contract, party=party, name=person.name, version=contract.version, by=person, now=world.now
        )


def review(world: World, contract: LearningContract):
    contract.refresh_from_db()
    if contract.status == LearningContract.Status.AGREED and world.chance.random() < 0.7:
        review_contract(contract=contract, by=contract.place.person, now=world.now)


def begin_plans(world: World, cohort: Cohort):
    for place in cohort.places.active().select_related("person"):
        world.at(world.days_later(world.chance.randrange(0, 28), 20), write_plan, world, place)


def write_plan(world: World, place: Place):
    for number, words in enumerate(islice(_goals_for(world, place), 1 + place.pk % 3)):
        goal = add_goal(
            place=place, by=place.person, now=world.now, dimension=words["dimension"], title=words["goal"],
            why=words["why"], steps=words["actions"], support=words["support"], evidence=words["evidence"],
            by_when=place.cohort.graduation_on - timedelta(days=30 * number),
        )  # fmt: skip
        if number == 0:
            world.at(world.days_later(90, 20), look_again, world, goal)


def look_again(world: World, goal):
    goal.refresh_from_db()
    review_goal(
        goal=goal, seen=goal.review_mark, going=world.chance.choice(goal.Going.values),
        notes="Two tries so far; the second went better.", by=goal.plan.place.person, now=world.now,
    )  # fmt: skip
    place = goal.plan.place
    if place.pk % 2 and (mentor := reader_of(place, "mentor")):
        share_plan(plan=goal.plan, with_whom="mentor", reader=mentor, by=place.person, now=world.now)


def _goals_for(world: World, place: Place):
    goals = world.texts["goals"]
    first = place.pk * 5 % len(goals)
    return iter(goals[first:] + goals[:first])


@entrance(order=70)
def sponsor():
    waiting = LearningContract.objects.filter(
        status=LearningContract.Status.PROPOSED, place__status=Place.Status.ACTIVE, place__sponsor__isnull=False
    )
    for contract in waiting.select_related("place__sponsor").order_by("pk"):
        email = contract.place.sponsor.email
        if link := live(purpose=SIGNING, subject=contract, now=timezone.now(), email=email):
            return Entrance("Sponsor with a contract to sign", path=f"/sign/{link.token}/")
    return None
