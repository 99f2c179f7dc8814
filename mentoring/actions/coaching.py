"""What can happen to coaching groups: formed, confirmed, planned; of their sessions only who was there is kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse

from cohorts.models import Cohort, Place
from leaders.components.dates import day, day_time, london_date
from leaders.outbox.actions import post
from leaders.outbox.invites import Invite, Method
from leaders.outbox.letters import mail_domain
from leaders.people.actions import end_role, grant_role
from leaders.people.audit import record
from leaders.people.models import Organisation, Person, Role
from leaders.people.refusals import NotPossible
from mentoring.groups import Coachee, GroupCoach, GroupPlan, Kept
from mentoring.groups import form_groups as divide
from mentoring.groups import reason as reason_of
from mentoring.models import (
    Coach,
    CoachingAttendance,
    CoachingGroup,
    CoachingGroupMember,
    CoachingSession,
    Conflict,
    MentoringRules,
)

SMALLEST, LARGEST = 4, 8


@transaction.atomic
def add_coach(*, person: Person, by: Person, now: datetime, groups_at_once: int = 1, about: str = "") -> Coach:
    """Take somebody among the coaches; again after standing down, they are back."""
    coach, _ = Coach.objects.update_or_create(
        person=person,
        defaults={"groups_at_once": groups_at_once, "about": about.strip(), "stood_down_at": None},
        create_defaults={"groups_at_once": groups_at_once, "about": about.strip(), "joined_at": now},
    )
    grant_role(person=person, role=Role.COACH, by=by, now=now)
    record("mentoring.coach.added", f"{person} is a coach", subject=coach, person=person, by=by, now=now)
    return coach


@transaction.atomic
def stand_down_coach(*, coach: Coach, by: Person, now: datetime) -> None:
    """Somebody coaches no longer; their running groups need another coach first."""
    if _running(coach, now).exists():
        raise NotPossible(f"{coach} leads a group in a running cohort. Give it another coach first.")
    if not Coach.objects.filter(pk=coach.pk, stood_down_at=None).update(stood_down_at=now):
        raise NotPossible(f"{coach} has stood down already.")
    end_role(person=coach.person, role=Role.COACH, by=by, now=now)
    record(
        "mentoring.coach.stood_down", f"{coach} coaches no longer", subject=coach, person=coach.person, by=by, now=now
    )


@transaction.atomic
def form_groups(*, cohort: Cohort, by: Person, now: datetime) -> GroupPlan:
    """Propose groups with a coach each. Proposing again replaces a proposal, but keeps those whom the office locked."""
    if cohort.coaching_groups.confirmed().exists():
        raise NotPossible("The groups are confirmed. Move people one by one now.")
    places = list(Place.objects.active().for_cohort(cohort).select_related("person", "organisation"))
    coaches = list(Coach.objects.filter(stood_down_at=None).select_related("person__organisation"))
    apart = _apart(_employers(places, coaches))
    kept = _kept(cohort, places, apart)
    by_hand = {person for group in kept for person in group.by_hand}
    plan = divide(
        [coachee for place in places if (coachee := _coachee(place)).id not in by_hand],
        [_coach(coach, cohort, now) for coach in coaches], size=MentoringRules.of(cohort).group_size,
        smallest=SMALLEST, largest=LARGEST, apart=apart,
        kept=[Kept(group.coach, group.members) for group in kept if group.members],
    )  # fmt: skip
    cohort.coaching_groups.all().delete()
    _make_groups(cohort, plan, kept, places, coaches)
    record(
        "mentoring.coaching.proposed", f"{by} proposed {len(plan.groups)} coaching groups for {cohort.name}",
        subject=cohort, cohort_id=cohort.pk, by=by, now=now,
    )  # fmt: skip
    return plan


@dataclass(frozen=True)
class _Keeping:
    """The people, by person id, whom the office keeps in the group of this number; `by_hand` against a rule."""

    number: int
    coach: str
    members: tuple[str, ...]
    by_hand: tuple[str, ...]


def _kept(cohort: Cohort, places: list[Place], apart: frozenset[frozenset[str]]) -> list[_Keeping]:
    here = {place.pk: place for place in places}
    found = []
    for group in cohort.coaching_groups.select_related("coach__person__organisation").prefetch_related("members"):
        members: list[Place] = []
        by_hand: list[Place] = []
        for member in sorted(group.members.all(), key=lambda each: each.pk):
            if member.locked and (place := here.get(member.place_id)):
                against_a_rule = _clashes(place, members, apart) or (
                    group.coach and _clashes_with_coach(place, group.coach, apart)
                )
                (by_hand if against_a_rule else members).append(place)
        if members or by_hand:
            coach = str(group.coach.person_id) if group.coach else ""
            ids = (tuple(str(place.person_id) for place in those) for those in (members, by_hand))
            found.append(_Keeping(group.number, coach, *ids))
    return found


def _make_groups(
    cohort: Cohort, plan: GroupPlan, kept: list[_Keeping], places: list[Place], coaches: list[Coach]
) -> None:
    """Write a plan down; a group with people who are kept has the number it had, the others take what is free."""
    left = list(kept)
    by_person = {str(place.person_id): place for place in places}
    coach_of = {str(coach.person_id): coach for coach in coaches}
    free = (n for n in count(1) if n not in {group.number for group in kept})
    for formed in plan.groups:
        # A group of nobody but people put there by hand goes on with its coach.
        own = next((each for each in left if {*each.members} & {*formed.members}), None) or next(
            (each for each in left if not each.members and each.coach == formed.coach), None
        )
        if own:
            left.remove(own)
        by_hand = own.by_hand if own else ()
        people = [by_person[person] for person in (*formed.members, *by_hand)]
        names = [by_person[person].person.name for person in by_hand]
        group = CoachingGroup.objects.create(
            cohort=cohort, number=own.number if own else next(free), coach=coach_of.get(formed.coach),
            reason=reason_of([_coachee(place) for place in people], but_for=names),
        )  # fmt: skip
        stay = {*own.members, *by_hand} if own else set()
        CoachingGroupMember.objects.bulk_create(
            CoachingGroupMember(group=group, place=place, locked=str(place.person_id) in stay) for place in people
        )


def _coachee(place: Place) -> Coachee:
    return Coachee(
        id=str(place.person_id), employer=_employer(place.organisation),
        line_manager=str(place.line_manager_id or ""), service=place.service, level=place.role_title.split(",")[0],
    )  # fmt: skip


def _coach(coach: Coach, cohort: Cohort, now: datetime) -> GroupCoach:
    elsewhere = _running(coach, now).exclude(cohort=cohort).count()
    return GroupCoach(
        id=str(coach.person_id), employer=_employer(coach.person.organisation),
        groups=max(coach.groups_at_once - elsewhere, 0),
    )  # fmt: skip


def _running(coach: Coach, now: datetime):
    """The groups that somebody leads in cohorts that are not over."""
    return coach.groups.filter(cohort__status=Cohort.Status.LIVE, cohort__ends_on__gte=london_date(now))


def _employer(organisation: Organisation | None) -> str:
    if organisation is None or organisation.kind == Organisation.Kind.INDEPENDENT:
        return ""
    return organisation.name


def _employers(places: Iterable[Place], coaches: Iterable[Coach]) -> dict[int, int | None]:
    """Everybody by person, with the organisation they are of."""
    found = {coach.person_id: coach.person.organisation_id for coach in coaches}
    return found | {place.person_id: place.organisation_id for place in places}


def _apart(people: Mapping[int, int | None]) -> frozenset[frozenset[str]]:
    """Declared conflicts between two people of whom each may be in a group, or lead it; see `_employers`."""
    declared = Conflict.objects.standing().filter(declared_by__in=people)
    found = set()
    for one, person, organisation in declared.values_list("declared_by", "person", "organisation"):
        others = [person] if person else [each for each, of in people.items() if organisation and of == organisation]
        found |= {frozenset({str(one), str(other)}) for other in others if other != one}
    return frozenset(found)


def _clashes(place: Place, others: Iterable[Place], apart: frozenset[frozenset[str]]) -> list[str]:
    """Whom of these somebody should not meet in a group, and why, in the office's words."""
    found = []
    for other in others:
        name, people = other.person.name, frozenset({str(place.person_id), str(other.person_id)})
        if _employer(place.organisation) and _employer(place.organisation) == _employer(other.organisation):
            found.append(f"a colleague ({name})")
        if other.person_id == place.line_manager_id:
            found.append(f"their line manager ({name})")
        if place.person_id == other.line_manager_id:
            found.append(f"somebody they manage ({name})")
        if people in apart:
            found.append(f"somebody with whom there is a declared conflict ({name})")
    return found


def _clashes_with_coach(place: Place, coach: Coach, apart: frozenset[frozenset[str]]) -> str:
    """Why somebody should not be coached by this coach, in the office's words; empty where nothing is against it."""
    works_together = _employer(place.organisation) and _employer(place.organisation) == _employer(
        coach.person.organisation
    )
    if works_together or coach.person_id in {place.line_manager_id, place.person_id}:
        return f"{coach} and {place.person} know each other from work."
    if frozenset({str(coach.person_id), str(place.person_id)}) in apart:
        return f"There is a declared conflict between {coach} and {place.person}."
    return ""


@transaction.atomic
def lock_in_group(*, member: CoachingGroupMember, locked: bool, by: Person, now: datetime) -> None:
    """Keep somebody in their group when groups are proposed again, or let them go."""
    member.locked = locked
    member.save(update_fields=["locked"])
    verb = "stays in" if locked else "may be moved from"
    _record(member.group, "locked", f"{member.place.person} {verb} {member.group}", by=by, now=now)


@transaction.atomic
def move_to_group(
    *, place: Place, group: CoachingGroup, by: Person, now: datetime, reason: str = ""
) -> CoachingGroupMember:
    """Put somebody into a group; to meet somebody whom the rules keep apart needs a reason, the coach bends never."""
    if place.cohort_id != group.cohort_id or not place.is_active:
        raise NotPossible(f"{place.person} does not take part in {group.cohort.name}.")
    members = group.members.exclude(place=place).select_related("place__person", "place__organisation")
    others = [member.place for member in members]
    apart = _apart(_employers([place, *others], [group.coach] if group.coach else []))
    if group.coach and (why_not := _clashes_with_coach(place, group.coach, apart)):
        raise NotPossible(f"{why_not} Choose another group, or give {group} another coach first.")
    if (clashes := _clashes(place, others, apart)) and not reason.strip():
        met = ", ".join(clashes)
        raise NotPossible(f"In {group} {place.person} would meet {met}. Give a reason if it is to be so all the same.")
    if len(others) >= LARGEST:
        raise NotPossible(f"{group} has {LARGEST} people; a ninth would leave too little time for each.")
    member, _ = CoachingGroupMember.objects.update_or_create(place=place, defaults={"group": group, "locked": True})
    _record(group, "moved", f"{place.person} is in {group}", by=by, now=now, reason=reason, person=place.person)
    if group.confirmed_at:
        _tell_member(group, place, now)
    return member


@transaction.atomic
def give_coach(*, group: CoachingGroup, coach: Coach, by: Person, now: datetime) -> None:
    """Give a group its coach, or another one: never somebody who works with one of its people, manages them, or with
    whom either declared a conflict."""
    places = [member.place for member in group.members.select_related("place__person", "place__organisation")]
    apart = _apart(_employers(places, [coach]))
    for place in places:
        if why_not := _clashes_with_coach(place, coach, apart):
            raise NotPossible(f"{why_not} Choose another coach.")
    group.coach = coach
    group.save(update_fields=["coach"])
    _record(group, "coach_given", f"{coach} leads {group}", by=by, now=now, person=coach.person)
    if group.confirmed_at:
        _tell_coach(group, coach, now)


@transaction.atomic
def confirm_groups(*, cohort: Cohort, by: Person, now: datetime) -> list[CoachingGroup]:
    """Make the proposed groups true: members and coaches are told. A human's act."""
    groups = list(
        cohort.coaching_groups.proposed().select_related("coach__person", "cohort__contact", "cohort__programme")
    )
    if not groups:
        raise NotPossible("There are no proposed groups to confirm.")
    for group in groups:
        if group.coach is None:
            raise NotPossible(f"{group} has no coach yet.")
        if not CoachingGroup.objects.filter(pk=group.pk, confirmed_at=None).update(
            confirmed_at=now, confirmed_by=str(by)[:150]
        ):
            raise NotPossible("The groups were confirmed meanwhile.")
        group.confirmed_at, group.confirmed_by = now, str(by)
        _record(group, "confirmed", f"{group} of {cohort.name} was confirmed", by=by, now=now)
        for member in group.members.select_related("place__person"):
            _tell_member(group, member.place, now)
        _tell_coach(group, group.coach, now)
    return groups


@transaction.atomic
def plan_session(
    *, group: CoachingGroup, starts: datetime, ends: datetime, by: Person, now: datetime, where: str = ""
) -> CoachingSession:
    """Set a date for a group; everybody in it is invited."""
    _check_leads(group, by)
    _check_dates(group.sessions.kept(), starts, ends, now)
    session = CoachingSession.objects.create(group=group, starts=starts, ends=ends, where=where.strip())
    _record(group, "session_planned", f"{group} meets on {day_time(starts)}", by=by, now=now)
    _invite(session, now)
    return session


@transaction.atomic
def change_session(
    *, session: CoachingSession, starts: datetime, ends: datetime, by: Person, now: datetime, where: str = ""
) -> CoachingSession:
    """Move a date that is still to come, or its place; everybody hears once, and it moves in their calendars.

    Sending the same again changes nothing and writes to nobody.
    """
    group, was, where = session.group, (session.starts, session.ends, session.where), where.strip()
    _check_leads(group, by)
    if was == (starts, ends, where):
        return session
    _check_dates(group.sessions.kept().exclude(pk=session.pk), starts, ends, now)
    to_come = CoachingSession.objects.to_come(now).filter(pk=session.pk)
    if not to_come.update(starts=starts, ends=ends, where=where, sequence=F("sequence") + 1):
        raise NotPossible("It was cancelled, or has begun already. Set another date instead.")
    session.refresh_from_db()
    _record(
        group, "session_changed", f"{group} meets on {day_time(starts)} instead of {day_time(was[0])}", by=by, now=now
    )
    _invite(session, now, kind="mentoring.coaching_changed", was=was)
    return session


@transaction.atomic
def cancel_session(*, session: CoachingSession, by: Person, now: datetime) -> None:
    """Take a date back; everybody hears, and it leaves their calendars."""
    _check_leads(session.group, by)
    cancelled = CoachingSession.objects.kept().filter(pk=session.pk, recorded_at=None)
    if not cancelled.update(cancelled_at=now, sequence=F("sequence") + 1):
        raise NotPossible("It was cancelled already, or has taken place.")
    session.refresh_from_db()
    _record(
        session.group, "session_cancelled", f"{session.group} does not meet on {day(session.starts)}", by=by, now=now
    )
    _invite(session, now, kind="mentoring.coaching_cancelled")


@transaction.atomic
def record_session(*, session: CoachingSession, present: set[int], by: Person, now: datetime) -> CoachingSession:
    """Write down who was there, by place; recording again corrects it. Nothing else is kept of a session."""
    _check_leads(session.group, by)
    if session.cancelled_at or session.starts > now:
        raise NotPossible("Record a session when it has taken place.")
    for member in session.group.members.all():
        CoachingAttendance.objects.update_or_create(
            session=session, place_id=member.place_id, defaults={"present": member.place_id in present}
        )
    session.recorded_at, session.recorded_by = now, str(by)[:150]
    session.save(update_fields=["recorded_at", "recorded_by"])
    _record(session.group, "session_recorded", f"{session.group} met on {day(session.starts)}", by=by, now=now)
    return session


def _check_dates(others: QuerySet[CoachingSession], starts: datetime, ends: datetime, now: datetime) -> None:
    if starts <= now:
        raise NotPossible("Choose a time in the future.")
    if ends <= starts:
        raise NotPossible("It has to end after it starts.")
    if found := others.filter(starts__lt=ends, ends__gt=starts).first():
        raise NotPossible(f"{found.group} has a session at that time already.")


def _check_leads(group: CoachingGroup, by: Person) -> None:
    if not group.confirmed_at:
        raise NotPossible("The group is not confirmed yet.")
    if not by.is_staff and (group.coach is None or group.coach.person_id != by.pk):
        raise NotPossible("Only the coach and the programme office do this.")


def _invite(session: CoachingSession, now: datetime, kind: str = "mentoring.coaching_session", **facts) -> None:
    """Write to everybody in the group and its coach, with the entry for their calendars; `facts` are the letter's."""
    group, cohort = session.group, session.group.cohort
    people = [member.place.person for member in group.members.select_related("place__person")]
    people += [group.coach.person] if group.coach else []
    method = Method.CANCEL if session.cancelled_at else Method.REQUEST
    organiser = (cohort.contact.name, cohort.contact.email)
    for person in people:
        is_coach = bool(group.coach and group.coach.person_id == person.pk)
        invite = Invite(
            uid=f"{session.uid}@{mail_domain()}", sequence=session.sequence, title=session.summary,
            starts=session.starts, ends=session.ends, organiser=organiser, attendee=(person.name, person.email),
            where=session.where, url=reverse("coach_home" if is_coach else "my_coaching"),
        )  # fmt: skip
        post(
            kind, to=person, now=now, about=session, cohort_id=cohort.pk, session=session,
            dedupe_key=f"coaching:{session.pk}:{session.sequence}:{person.pk}", expires_at=session.starts,
            files=[invite.file(method=method, now=now)],
            is_coach=is_coach, **facts,
        )  # fmt: skip


def _tell_member(group: CoachingGroup, place: Place, now: datetime) -> None:
    post(
        "mentoring.coaching_group", to=place.person, now=now, about=group, cohort_id=group.cohort_id, group=group,
        dedupe_key=f"coaching:{group.pk}:member:{place.pk}",
        people=tuple(sorted(m.place.person.name for m in group.members.select_related("place__person"))),
    )  # fmt: skip


def _tell_coach(group: CoachingGroup, coach: Coach, now: datetime) -> None:
    post(
        "mentoring.coaching_coach", to=coach.person, now=now, about=group, cohort_id=group.cohort_id, group=group,
        dedupe_key=f"coaching:{group.pk}:coach:{coach.person_id}",
        people=tuple(sorted(m.place.person.name for m in group.members.select_related("place__person"))),
    )  # fmt: skip


def _record(
    group: CoachingGroup, verb: str, sentence: str, *, by: Person, now: datetime, reason: str = "",
    person: Person | None = None,
) -> None:  # fmt: skip
    record(
        f"mentoring.coaching.{verb}", sentence, subject=group, person=person, cohort_id=group.cohort_id, by=by, now=now,
        reason=reason,
    )  # fmt: skip
