"""Mentoring and coaching on the home: cards, what to do, dates, and the pages of mentors and coaches."""

from datetime import timedelta

from django.urls import reverse

from cohorts.places import current_place
from leaders.components.dates import day, day_month, london_date, weekday_day_month
from leaders.components.text import lower_first, upper_first
from leaders.home.registry import Card, Entry, Page, Todo, agenda, card, page, section, todo
from leaders.outbox.letters import mail_domain
from leaders.people.models import Role

from .mine import kept_sessions, my_coached_groups, my_group, my_mentees, my_mentorship, my_profile, wishes_open
from .models import Mentor, MentoringRules, Mentorship, Side
from .relationship import heading_of, open_review, page_of, waits_since, wish_to_talk

# Before the frame's own pages: whoever has nothing on their home is sent to the first of these.
page(
    Page("Mentoring", "mentor_home", shown=lambda person, now: person.has_role(Role.MENTOR)), order=35, module=__name__
)
page(Page("Coaching", "coach_home", shown=lambda person, now: person.has_role(Role.COACH)), order=36, module=__name__)

HOUR = timedelta(hours=1)
RECORD_WITHIN = timedelta(days=3)


@section(
    order=16, template="mentoring/sections/volunteer.html", key="mentor_volunteer", title="Would you mentor somebody?"
)
def would_you_mentor(person, now):
    """Asked of graduates until they have answered, one way or the other."""
    place = current_place(person, now)
    if place is None or not place.is_alumni or Mentor.objects.filter(person=person).exists():
        return None
    return {"cohort": place.cohort}


@card(order=42, key="coaching", title="The coaching group")
def coaching(person, now):
    group = my_group(person, now)
    if group is None:
        return None
    coming = [session for session in kept_sessions(group) if session.ends >= now]
    when = f"Next: {weekday_day_month(coming[0].starts)}" if coming else ""
    return Card(
        heading="Coaching group",
        names=[group.coach.person.name] if group.coach else [],
        title=group.coach.person.name if group.coach else str(group),
        lines=[line for line in (f"Coach of {str(group).lower()}", when) if line],
        url=reverse("my_coaching"),
        link="Group and dates",
    )


@card(order=43, key="mentor", title="The mentor")
def mentor(person, now):
    mentorship = my_mentorship(person, now)
    if mentorship is None:
        return _no_mentor_yet(person, now)
    who = mentorship.mentor.person
    return Card(
        heading="Mentor",
        names=[who.name],
        title=who.name,
        lines=[line for line in (_post(who), next_words(mentorship)) if line],
        url=reverse("my_mentor"),
        link="Mentoring page",
    )


@card(order=44, key="mentees", title="Those whom somebody mentors")
def mentees(person, now):
    """Beside the people of one's own year; for a mentor without one, the mentoring page says it all."""
    found = my_mentees(person)
    if not found or current_place(person, now) is None:
        return None
    names = [each.place.person.name for each in found]
    return Card(
        heading="You mentor", names=names, title=", ".join(names), url=reverse("mentor_home"), link="Mentoring page",
        lines=[f"{each.place.person.first_name}: {lower_first(next_words(each))}" for each in found],
    )  # fmt: skip


def _no_mentor_yet(person, now) -> Card | None:
    """Until the pairs are made: the page is there from the first day, and nothing else leads to it so early."""
    place = current_place(person, now)
    rules = MentoringRules.of(place.cohort) if place and place.is_active else None
    if rules is None or not rules.has_mentoring:
        return None
    matching_on = rules.matching_on(place.cohort)
    if london_date(now) > matching_on:
        return None
    return Card(
        heading="Mentor", names=[], title="Nobody yet", lines=[f"Pairs are made by {day(matching_on)}"],
        url=reverse("my_mentor"), link="How mentoring works",
    )  # fmt: skip


def _post(who) -> str:
    return ", ".join(filter(None, [who.role_title, str(who.organisation or "")]))


def next_words(mentorship: Mentorship) -> str:
    """When the two meet next, or met last."""
    if mentorship.next_at:
        return f"You meet {weekday_day_month(mentorship.next_at)}, {mentorship.next_how}"
    met = [meeting.on for meeting in mentorship.meetings.all()]
    if met:
        return f"Last met {day_month(max(met))}"
    return f"Meet first by {day_month(mentorship.first_meeting_by)}"


@todo(order=400, title="Whether to have a mentor, and what to look for")
def wishes(person, now):
    place = current_place(person, now)
    rules = wishes_open(place, london_date(now))
    if rules is None:
        return []
    profile = my_profile(place)
    if profile is None and london_date(now) > rules.matching_on(place.cohort):
        return []
    return [
        Todo(
            title="Say what you look for in a mentor",
            why="Mentors are graduates with time for one to three people. No is a good answer too.",
            url=reverse("my_mentor"),
            due=rules.wishes_due(place.cohort),
            minutes=8,
            button="Begin",
            done=profile is not None,
            done_on=london_date(profile.chosen_at) if profile else None,
        )
    ]


@todo(order=410, title="The mentorship: first meeting, agreement, how it is going")
def mentoring(person, now):
    found = [(each, Side.MENTOR) for each in my_mentees(person)]
    mine = my_mentorship(person, now)
    return [one for each, side in ([(mine, Side.MENTEE)] if mine else []) + found for one in _asked(each, side, now)]


def _asked(mentorship: Mentorship, side: str, now) -> list[Todo]:
    other = mentorship.other(side)
    asked = []
    if mentorship.is_proposed and not mentorship.next_at and not wish_to_talk(mentorship, side):
        is_mentee = side == Side.MENTEE
        asked.append(
            Todo(
                title=f"Write to your mentor, {other.name}" if is_mentee else f"Meet {other.name} for the first time",
                why=mentorship.why(side),
                url=page_of(mentorship, side),
                due=mentorship.first_meeting_by,
                minutes=5,
                button="See the match",
            )
        )
    if waits_since(mentorship, side):
        asked.append(
            Todo(
                title=f"Read your agreement with {other.first_name}",
                why=f"{other.first_name} wrote it, and it waits for your yes.",
                url=page_of(mentorship, side) + "#agreement",
                minutes=3,
                button="Read it",
            )
        )
    if review := open_review(mentorship, side, london_date(now)):
        asked.append(
            Todo(
                title=f"Mentoring with {other.first_name}: {heading_of(review.kind).lower()}",
                why="One question. The other never sees the answer.",
                url=reverse("mentorship_review", args=[mentorship.pk, review.kind]),
                due=review.due_on + timedelta(days=14),
                minutes=1,
                button="Answer",
            )
        )
    if mentorship.next_at and mentorship.next_at + HOUR < now:
        asked.append(
            Todo(
                title=f"Record your meeting with {other.first_name}",
                why="Date and way of meeting only, never what was said.",
                url=reverse("mentorship_meeting", args=[mentorship.pk]),
                due=london_date(mentorship.next_at + RECORD_WITHIN),
                minutes=1,
                button="Record meeting",
            )
        )
    return asked


@todo(order=420, title="Coaching sessions to set or record")
def coached(person, now):
    asked = []
    for group in my_coached_groups(person, now):
        sessions = kept_sessions(group)
        asked += [
            Todo(
                title=f"Record who was at {str(group).lower()}",
                why=f"{day(session.starts)}. Only who was there is kept.",
                url=reverse("coach_record", args=[session.pk]),
                due=london_date(session.starts + RECORD_WITHIN),
                minutes=1,
                button="Record session",
            )
            for session in sessions
            if session.ends <= now and not session.recorded_at
        ]
        if not any(session.ends > now for session in sessions) and group.cohort.graduation_on > london_date(now):
            asked.append(
                Todo(
                    title=f"Set the next date of {str(group).lower()}",
                    why="Everybody in the group is invited at once.",
                    url=reverse("coach_new_session", args=[group.pk]),
                    minutes=2,
                    button="Set a date",
                )
            )
    return asked


@agenda(order=400, title="Meetings with mentor or mentees")
def meetings(person, now):
    mine = my_mentorship(person, now)
    found = ([(mine, Side.MENTEE)] if mine else []) + [(each, Side.MENTOR) for each in my_mentees(person)]
    return [
        Entry(
            uid=f"mentorship-{each.pk}-{each.next_at:%Y%m%d}@{mail_domain()}",
            title=f"Mentoring with {each.other(side).first_name}",
            starts=each.next_at,
            ends=each.next_at + HOUR,
            place=upper_first(each.next_how),
            url=page_of(each, side),
        )
        for each, side in found
        if each.next_at
    ]


@agenda(order=410, title="Coaching sessions")
def coaching_sessions(person, now):
    own = my_group(person, now)
    groups = [(group, "coach_home") for group in my_coached_groups(person, now)] + (
        [(own, "my_coaching")] if own else []
    )
    return [
        Entry(
            uid=f"{session.uid}@{mail_domain()}",
            title=str(group),
            starts=session.starts,
            ends=session.ends,
            place=session.where,
            url=reverse(url_name),
            sequence=session.sequence,
            summary=session.summary,
        )
        for group, url_name in groups
        for session in kept_sessions(group)
    ]
