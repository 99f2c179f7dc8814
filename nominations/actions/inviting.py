"""Opening a round, inviting nominators, and their shortest answer: nobody this time."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from cohorts.models import Cohort, Programme
from leaders.components.dates import LONDON, day_time, london_date
from leaders.outbox.actions import post
from leaders.people import links as private_links
from leaders.people.actions import know_person
from leaders.people.audit import record
from leaders.people.models import Organisation, Person
from leaders.people.refusals import NotPossible
from leaders.reminders.working_days import working_day_on_or_before
from nominations.contacts import Contact
from nominations.links import DRAFT, INVITATION, known_path, path_to
from nominations.models import Invitation, NobodyThisTime, Nomination, Round, TellMe


@transaction.atomic
def plan_round(
    *, cohort: Cohort, now: datetime, by: Person | None, source: Cohort | None = None, shift: timedelta | None = None
) -> Round:
    """Make the round of a new cohort; copied from an earlier cohort it proposes the same nominators, uninvited."""
    earlier = Round.objects.filter(cohort=source).first() if source else None
    moved = earlier.substitutes_until + shift if earlier and shift else cohort.statements_due
    this = Round.objects.create(
        cohort=cohort,
        substitutes_until=_within(cohort, moved),
        assessors=earlier.assessors if earlier else 2,
    )
    if earlier:
        Invitation.objects.bulk_create(
            Invitation(round=this, organisation_id=organisation, nominator_id=nominator)
            for organisation, nominator in earlier.invitations.filter(
                withdrawn_at=None, organisation__is_active=True, nominator__is_active=True
            ).values_list("organisation", "nominator")
        )
    record("nominations.round.planned", f"{this} were planned", subject=this, cohort_id=cohort.pk, by=by, now=now)
    return this


def _within(cohort: Cohort, moment: datetime) -> datetime:
    """The moment on a working day, or the nearest one between the close of nominations and the panel's last day."""
    day = working_day_on_or_before(london_date(moment))
    moment = datetime.combine(day, moment.astimezone(LONDON).time(), LONDON)
    return min(max(moment, cohort.nominations_close), cohort.assessments_due)


@transaction.atomic
def move_round(*, before: Cohort, cohort: Cohort, by: Person | str | None, now: datetime) -> None:
    """Let the cut-off for substitutes follow the day on which statements are due, and the drafts that wait for it."""
    this = Round.objects.filter(cohort=cohort).first()
    if this is None or before is cohort:
        return
    former = this.substitutes_until
    until = _within(cohort, former + (cohort.statements_due - before.statements_due))
    if until == former:
        return
    this.substitutes_until = until
    this.save(update_fields=["substitutes_until"])
    this.nominations.drafts().filter(replacement__agreed_at__isnull=False, extended_until=former).update(
        extended_until=until
    )
    record(
        "nominations.round.moved",
        f"Another nominee may be put forward until {day_time(until)}",
        subject=this,
        cohort_id=cohort.pk,
        by=by,
        now=now,
    )


@transaction.atomic
def open_round(*, round: Round, by: Person | None, now: datetime) -> Round:  # noqa: A002 (the domain's word)
    """Note that the round is open, tell those who asked to be told, and forget them. Twice changes nothing.

    Raises NotPossible outside the dates of a live cohort.
    """
    if not round.is_open(now):
        raise NotPossible(f"Nominations for {round.cohort.name} open on {day_time(round.cohort.nominations_open)}.")
    if not Round.objects.filter(pk=round.pk, opened_at=None).update(opened_at=now):
        return round
    round.opened_at = now
    for asked in TellMe.objects.filter(programme=round.cohort.programme):
        post(
            "nominations.round_open",
            to=("", asked.email),
            now=now,
            dedupe_key=f"nominations.round_open:{round.pk}:{asked.pk}",
            about=round,
            cohort_id=round.cohort_id,
            round=round,
        )
        asked.delete()
    record("nominations.round.opened", f"{round} opened", subject=round, cohort_id=round.cohort_id, by=by, now=now)
    return round


@transaction.atomic
def tell_me(*, programme: Programme, email: str, now: datetime) -> None:
    """Keep an address to write to when the programme's next round opens; asking twice changes nothing."""
    TellMe.objects.get_or_create(programme=programme, email=email.strip().lower(), defaults={"asked_at": now})


@transaction.atomic
def plan_invitation(*, round: Round, organisation: Organisation, nominator: Person, by: Person, now: datetime):  # noqa: A002
    """Put a nominator on the list of those to invite; nothing is sent. One that was withdrawn begins anew.

    Raises NotPossible for a kind of organisation that does not nominate.
    """
    kinds = round.cohort.programme.nominating_kinds
    if organisation.kind not in kinds:
        raise NotPossible(f"{organisation} does not nominate for {round.cohort.programme}.")
    invitation, is_new = Invitation.objects.get_or_create(round=round, organisation=organisation, nominator=nominator)
    if is_new or invitation.withdrawn_at:
        invitation.withdrawn_at = invitation.invited_at = invitation.opened_at = invitation.extended_until = None
        invitation.save()
        _record("planned", f"{nominator} is to be invited for {organisation}", invitation, by=by, now=now)
    return invitation


def check_plans(round: Round, now: datetime) -> None:  # noqa: A002
    """Raises NotPossible once nobody may be put on the list of those to invite any more."""
    if not round.may_be_planned_for(now):
        raise NotPossible(f"Nominations for {round.cohort.name} are over: nobody is added to those to invite.")


@transaction.atomic
def plan_contacts(*, round: Round, contacts: Iterable[Contact], by: Person, now: datetime) -> int:  # noqa: A002
    """Put nominators from a spreadsheet on the list of those to invite, people new to us among them; how many.

    `contacts` come from `nominations.contacts.judged`; those that plan nobody are passed over. Raises NotPossible once
    nominations are over.
    """
    check_plans(round, now)
    count = 0
    for contact in contacts:
        if not contact.plans or contact.organisation is None:
            continue
        cells = contact.cells
        person = know_person(
            email=cells.email,
            name=cells.name,
            organisation=contact.organisation,
            role_title=cells.role_title,
            phone=cells.phone,
            by=by,
            now=now,
        )
        plan_invitation(round=round, organisation=contact.organisation, nominator=person, by=by, now=now)
        count += 1
    return count


@transaction.atomic
def invite(*, round: Round, organisation: Organisation, nominator: Person, by: Person, now: datetime) -> Invitation:  # noqa: A002
    """Plan one invitation and send it."""
    invitation = plan_invitation(round=round, organisation=organisation, nominator=nominator, by=by, now=now)
    send_invitations(invitations=[invitation], by=by, now=now)
    return invitation


@transaction.atomic
def send_invitations(*, invitations: list[Invitation], by: Person, now: datetime) -> int:
    """Write to each nominator with a private link; how many were written to. Nobody is invited twice.

    Raises NotPossible where nominations are not open or an invitation was withdrawn.
    """
    sent = 0
    for invitation in invitations:
        this = invitation.round
        if not this.is_open(now):
            raise NotPossible(f"Nominations for {this.cohort.name} are not open.")
        if invitation.withdrawn_at:
            raise NotPossible(f"The invitation to {invitation.nominator} was withdrawn.")
        if not Invitation.objects.filter(pk=invitation.pk, invited_at=None).update(invited_at=now):
            continue
        invitation.invited_at = now
        link = path_to(
            INVITATION, invitation, now=now, person=invitation.nominator, expires_at=this.cohort.offers_expire
        )
        post(
            "nominations.invitation",
            to=invitation.nominator,
            now=now,
            dedupe_key=f"nominations.invitation:{invitation.pk}:{int(now.timestamp())}",
            about=invitation,
            cohort_id=this.cohort_id,
            invitation=invitation,
            link=link,
        )
        _record("sent", f"{invitation.nominator} was invited for {invitation.organisation}", invitation, by=by, now=now)
        sent += 1
    return sent


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Person, now: datetime, reason: str = "") -> None:
    """Take an invitation back: its link stops working. What was begun with it stays."""
    if not Invitation.objects.filter(pk=invitation.pk, withdrawn_at=None).update(withdrawn_at=now):
        return
    invitation.withdrawn_at = now
    private_links.revoke(purpose=INVITATION, subject=invitation, now=now)
    _record("withdrawn", f"The invitation to {invitation} was withdrawn", invitation, by=by, now=now, reason=reason)


@transaction.atomic
def invite_instead(*, invitation: Invitation, nominator: Person, reason: str, by: Person, now: datetime) -> Invitation:
    """Withdraw one nominator's invitation and invite another of the same organisation."""
    if nominator.pk == invitation.nominator_id:
        raise NotPossible(f"{nominator} is invited already.")
    withdraw_invitation(invitation=invitation, by=by, now=now, reason=reason)
    return invite(round=invitation.round, organisation=invitation.organisation, nominator=nominator, by=by, now=now)


@transaction.atomic
def nobody_this_time(
    *,
    round: Round,  # noqa: A002
    organisation: Organisation,
    person: Person,
    now: datetime,
    by: Person | str | None,
    reason: str = "",
) -> NobodyThisTime:
    """Note that an organisation has nobody to nominate: its reminders stop. Saying it twice changes nothing.

    Raises NotPossible after the deadline, when the organisation has nominated, or from somebody who was not invited
    where another was: the answer is that person's.
    """
    _check_answers_for(round, organisation, person)
    if not round.takes_from(organisation, now):
        raise NotPossible("Nominations have closed, so there is nothing left to answer.")
    standing = round.nominations.live().filter(organisation=organisation, quota__isnull=False).first()
    if standing:
        raise NotPossible(f"{organisation} has nominated already ({standing.reference}). Withdraw that first.")
    try:
        with transaction.atomic():
            said = NobodyThisTime.objects.create(
                round=round, organisation=organisation, person=person, reason=reason, said_at=now
            )
    except IntegrityError:
        return NobodyThisTime.objects.get(round=round, organisation=organisation, undone_at=None)
    post(
        "nominations.nobody_noted",
        to=person,
        now=now,
        dedupe_key=f"nominations.nobody_noted:{said.pk}",
        about=said,
        cohort_id=round.cohort_id,
        said=said,
        until=round.closes_for(organisation),
        link=_way_back(said, now),
    )
    record(
        "nominations.nobody.said",
        f"{organisation} has nobody this time",
        subject=said,
        person=person,
        cohort_id=round.cohort_id,
        by=by,
        now=now,
        reason=reason,
    )
    return said


def _way_back(said: NobodyThisTime, now: datetime) -> str:
    """The link by which they may change their mind: that of their invitation, or of the draft they began."""
    same = {"round": said.round, "organisation": said.organisation}
    invitation = Invitation.objects.filter(nominator=said.person, withdrawn_at=None, **same).first()
    if invitation:
        return known_path(INVITATION, invitation, now=now, email=said.person.email)
    draft = Nomination.objects.drafts().filter(nominator_email=said.person.email, **same).first()
    return known_path(DRAFT, draft, now=now, email=said.person.email) if draft else ""


@transaction.atomic
def undo_nobody(*, round: Round, organisation: Organisation, by: Person, now: datetime) -> bool:  # noqa: A002
    """Take "nobody this time" back, until the deadline; whether there was something to take back.

    Raises NotPossible for whoever could not have said it, and after the deadline.
    """
    _check_answers_for(round, organisation, by)
    if not _nobody(round, organisation).exists():
        return False
    if not round.takes_from(organisation, now):
        raise NotPossible(f"Nominations have closed. Ask {round.cohort.contact} to open yours again.")
    return _undo(round, organisation, by, now)


@transaction.atomic
def take_nobody_back(
    *,
    round: Round,  # noqa: A002
    organisation: Organisation,
    by: Person,
    now: datetime,
    reason: str = "",
) -> bool:
    """As `undo_nobody`, by the office, which was told so: invitations stand again, and their reminders with them.

    Whether there was something to take back. Raises NotPossible after the deadline: first give somebody more time.
    """
    if not round.takes_from(organisation, now):
        raise NotPossible("Nominations have closed. Give their nominator more time first.")
    return _undo(round, organisation, by, now, reason)


def _nobody(this: Round, organisation: Organisation):
    return NobodyThisTime.objects.filter(round=this, organisation=organisation, undone_at=None)


def _undo(this: Round, organisation: Organisation, by: Person, now: datetime, reason: str = "") -> bool:
    said = _nobody(this, organisation).select_related("person").first()
    if said is None or not _nobody(this, organisation).update(undone_at=now):
        return False
    record(
        "nominations.nobody.undone",
        f"{organisation} may nominate after all",
        subject=said,
        person=said.person,
        cohort_id=this.cohort_id,
        by=by,
        now=now,
        reason=reason,
    )
    return True


def _check_answers_for(this: Round, organisation: Organisation, person: Person) -> None:
    if not this.takes_nobody_from(organisation, person.email):
        raise NotPossible(
            f"We have invited somebody else at {organisation} to nominate, and this answer is theirs to give. Talk to "
            f"them, or ask {this.cohort.contact}."
        )


def _record(verb: str, sentence: str, invitation: Invitation, *, by, now: datetime, reason: str = "") -> None:
    record(
        f"nominations.invitation.{verb}",
        sentence,
        subject=invitation,
        person=invitation.nominator,
        cohort_id=invitation.round.cohort_id,
        by=by,
        now=now,
        reason=reason,
    )
