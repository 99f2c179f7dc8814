"""What can happen to coaching groups: formed, confirmed, planned; of their sessions only who was there is kept."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from cohorts.models import Cohort, Place
from leaders.components.dates import day, day_time, london_date
from leaders.outbox.actions import post
from leaders.outbox.invites import Invite, Method
from leaders.outbox.letters import mail_domain
from leaders.people.actions import end_role, grant_role
from leaders.people.audit import record
from leaders.people.models import Organisation, Person, Role
from leaders.people.refusals import NotPossible
from mentoring.groups import Coachee, GroupCoach, GroupPlan
from mentoring.groups import form_groups as divide
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
    kept = {
        member.place_id: member.group.number
        for member in CoachingGroupMember.objects.filter(group__cohort=cohort, locked=True).select_related("group")
    }
    places = list(Place.objects.active().for_cohort(cohort).select_related("person", "organisation"))
    coaches = list(Coach.objects.filter(stood_down_at=None).select_related("person__organisation"))
    rules = MentoringRules.of(cohort)
    plan = divide(
        [_coachee(place) for place in places], [_coach(coach, cohort, now) for coach in coaches], size=rules.group_size,
        smallest=SMALLEST, largest=LARGEST, apart=_apart(places, coaches),
    )  # fmt: skip
    cohort.coaching_groups.all().delete()
    by_person = {str(place.person_id): place for place in places}
    coach_of = {str(coach.person_id): coach for coach in coaches}
    for number, formed in enumerate(plan.groups, 1):
        group = CoachingGroup.objects.create(
            cohort=cohort, number=number, coach=coach_of.get(formed.coach), reason=formed.reason
        )
        CoachingGroupMember.objects.bulk_create(
            CoachingGroupMember(group=group, place=by_person[person]) for person in formed.members
        )
    _keep_together(cohort, kept)
    record(
        "mentoring.coaching.proposed", f"{by} proposed {len(plan.groups)} coaching groups for {cohort.name}",
        subject=cohort, cohort_id=cohort.pk, by=by, now=now,
    )  # fmt: skip
    return plan


def _keep_together(cohort: Cohort, kept: Mapping[int, int]) -> None:
    """Those the office locked stay in the group of that number, if there still is one."""
    groups = {group.number: group for group in cohort.coaching_groups.all()}
    for place, number in kept.items():
        if number in groups:
            CoachingGroupMember.objects.filter(place=place).update(group=groups[number], locked=True)


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


def _apart(places: list[Place], coaches: list[Coach]) -> frozenset[frozenset[str]]:
    """Declared conflicts between two people of whom each may be in a group, or lead it."""
    people = {place.person_id for place in places} | {coach.person_id for coach in coaches}
    found = Conflict.objects.standing().filter(declared_by__in=people, person__in=people)
    return frozenset(
        frozenset({str(one), str(other)}) for one, other in found.values_list("declared_by", "person") if one != other
    )


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
    """Put somebody into a group; against the rule of one employer it needs a reason."""
    if place.cohort_id != group.cohort_id or not place.is_active:
        raise NotPossible(f"{place.person} does not take part in {group.cohort.name}.")
    colleagues = group.members.filter(place__organisation=place.organisation_id).exclude(place=place)
    if colleagues.exists() and place.organisation.kind != Organisation.Kind.INDEPENDENT and not reason.strip():
        raise NotPossible(f"A colleague of {place.person} is in {group}. Give a reason if it is to be so all the same.")
    if group.members.exclude(place=place).count() >= LARGEST:
        raise NotPossible(f"{group} has {LARGEST} people; a ninth would leave too little time for each.")
    member, _ = CoachingGroupMember.objects.update_or_create(place=place, defaults={"group": group, "locked": True})
    _record(group, "moved", f"{place.person} is in {group}", by=by, now=now, reason=reason, person=place.person)
    if group.confirmed_at:
        _tell_member(group, place, now)
    return member


@transaction.atomic
def give_coach(*, group: CoachingGroup, coach: Coach, by: Person, now: datetime) -> None:
    """Give a group its coach, or another one: never somebody who works for, or manages, one of its people."""
    for member in group.members.select_related("place__person", "place__organisation"):
        place = member.place
        works_together = _employer(place.organisation) and _employer(place.organisation) == _employer(
            coach.person.organisation
        )
        if works_together or coach.person_id in {place.line_manager_id, place.person_id}:
            raise NotPossible(f"{coach} and {place.person} know each other from work. Choose another coach.")
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
    if starts <= now:
        raise NotPossible("Choose a time in the future.")
    if ends <= starts:
        raise NotPossible("It has to end after it starts.")
    if group.sessions.kept().filter(starts__lt=ends, ends__gt=starts).exists():
        raise NotPossible(f"{group} has a session at that time already.")
    session = CoachingSession.objects.create(group=group, starts=starts, ends=ends, where=where.strip())
    _record(group, "session_planned", f"{group} meets on {day_time(starts)}", by=by, now=now)
    _invite(session, now)
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
    _invite(session, now)


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


def _check_leads(group: CoachingGroup, by: Person) -> None:
    if not group.confirmed_at:
        raise NotPossible("The group is not confirmed yet.")
    if not by.is_staff and (group.coach is None or group.coach.person_id != by.pk):
        raise NotPossible("Only the coach and the programme office do this.")


def _invite(session: CoachingSession, now: datetime) -> None:
    group, cohort = session.group, session.group.cohort
    people = [member.place.person for member in group.members.select_related("place__person")]
    people += [group.coach.person] if group.coach else []
    kind = "mentoring.coaching_cancelled" if session.cancelled_at else "mentoring.coaching_session"
    method = Method.CANCEL if session.cancelled_at else Method.REQUEST
    organiser = (cohort.contact.name, cohort.contact.email)
    for person in people:
        invite = Invite(
            uid=f"{session.uid}@{mail_domain()}", sequence=session.sequence, title=f"{group} of {cohort.name}",
            starts=session.starts, ends=session.ends, organiser=organiser, attendee=(person.name, person.email),
            where=session.where,
        )  # fmt: skip
        post(
            kind, to=person, now=now, about=session, cohort_id=cohort.pk, session=session,
            dedupe_key=f"coaching:{session.pk}:{session.sequence}:{person.pk}", expires_at=session.starts,
            files=[invite.file(method=method, now=now)],
            is_coach=bool(group.coach and group.coach.person_id == person.pk),
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
