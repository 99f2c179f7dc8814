"""Whom nominations and selection remind, of what, when, and what stops it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, Model, OuterRef, Subquery

from cohorts.models import Cohort, Place
from leaders.components.dates import london_date
from leaders.people.models import Organisation, Person
from leaders.reminders.registry import DatedLetter, Occurrence, Rule, cast, dated_letters, remind
from leaders.reminders.working_days import add_working_days, due_at

from . import emails, links
from .models import Assessment, Endorsement, Invitation, NobodyThisTime, Nomination, Offer, PanelMember, Round

State = Nomination.State
AFTER = "the day after"
MOST_INVENTED = 100
A_WEEK = timedelta(days=7)


def steps(due: datetime, before: Iterable[int], *, after: bool = True) -> Iterator[tuple[str, date]]:
    """Each step's name with its day: so many working days before `due`, and the working day after."""
    on = london_date(due)
    for days in before:
        yield f"{days} working day{'' if days == 1 else 's'} before", add_working_days(on, -days)
    if after:
        yield AFTER, add_working_days(on, 1)


def _rounds(now: datetime, scope) -> list[Round]:
    rounds = Round.objects.in_words().filter(cohort__starts_on__gt=london_date(now))
    return list(rounds.filter(cohort=scope) if scope else rounds.live())


def _plan(subjects, recipient, asked, due, before, *, after=True):
    for subject in subjects:
        for step, on in steps(due(subject), before, after=after):
            yield Occurrence(
                subject=subject, recipient=recipient(subject), step=step, on=on, due=due(subject), asked=asked(subject)
            )


# Nominators: those invited who have not begun, and those with a draft.


def answered(round_ref: str, organisation_ref: str):
    """Whether the organisation has nominated, or has nobody, where it may nominate one."""
    same = {"round": OuterRef(round_ref), "organisation": OuterRef(organisation_ref)}
    return Exists(Nomination.objects.live().filter(quota__isnull=False, **same)) | Exists(
        NobodyThisTime.objects.filter(undone_at=None, **same)
    )


def _waiting_invitations(rounds=None, pk=None):
    found = Invitation.objects.filter(withdrawn_at=None).select_related(
        "round__cohort__programme", "round__cohort__contact", "organisation", "nominator"
    )
    found = found.filter(pk=pk) if pk else found.filter(round__in=rounds)
    return found.exclude(answered("round", "organisation")).exclude(
        Exists(Nomination.objects.filter(invitation=OuterRef("pk")))
    )


def _plan_invitations(now, scope):
    found = _waiting_invitations(_rounds(now, scope))
    # The rehearsal of a cohort that is not launched counts everybody who will be invited.
    rehearsing = scope is not None and scope.status == Cohort.Status.PLANNED
    found = found if rehearsing else found.filter(invited_at__isnull=False)
    for invitation in found:
        yield from _chasers(invitation)


def _chasers(invitation: Invitation) -> Iterator[Occurrence]:
    """What would come in the first week waits until the week is over, or for the next step where that is near.

    The last one before the deadline never waits.
    """
    asked = london_date(invitation.invited_at or invitation.round.cohort.nominations_open)
    patience = asked + A_WEEK
    planned = list(steps(invitation.deadline, (28, 14, 7, 2)))
    for number, (step, on) in enumerate(planned):
        in_haste = asked < on < patience and number < len(planned) - 2
        if in_haste and planned[number + 1][1] - patience < A_WEEK:
            continue
        yield Occurrence(
            invitation, invitation.nominator, step, patience if in_haste else on, due=invitation.deadline,
            not_before=in_haste, asked=asked,
        )  # fmt: skip


def _invitation_letter(invitation: Invitation, person: Person, step: str, now: datetime):
    return emails.inviting.invitation_chased(
        invitation=invitation, link=links.known_path(links.INVITATION, invitation, now=now), late=step == AFTER, now=now
    )


remind(
    Rule(
        key="nominations.invitation",
        title="Nominators who were invited and have not begun",
        plan=_plan_invitations,
        needed=lambda invitation, person, now: _waiting_invitations(pk=invitation.pk).exists(),
        model=Invitation,
        steps="28, 14, 7 and 2 working days before nominations close, none but the last in the first week after the "
        "invitation, and the working day after",
        stops="A nomination begun or sent, nobody this time, or the invitation withdrawn",
        letter=_invitation_letter,
        email="nominations.invitation_chased",
    ),
    order=100,
)


def _open_drafts(rounds=None, pk=None):
    found = Nomination.objects.drafts().in_words().filter(nominator__isnull=False)
    found = found.filter(pk=pk) if pk else found.filter(round__in=rounds)
    return found.exclude(answered("round", "organisation"))


def _draft_letter(nomination: Nomination, person: Person, step: str, now: datetime):
    return emails.inviting.draft_chased(
        nomination=nomination,
        link=links.known_path(links.DRAFT, nomination, now=now, email=nomination.nominator_email),
        late=step == AFTER,
        now=now,
    )


remind(
    Rule(
        key="nominations.draft",
        title="Invited nominators with a draft that is not sent",
        plan=lambda now, scope: _plan(
            _open_drafts(_rounds(now, scope)),
            lambda n: n.nominator,
            lambda n: n.started_at,
            lambda n: n.deadline,
            (14, 7, 2),
        ),
        needed=lambda nomination, person, now: _open_drafts(pk=nomination.pk).exists(),
        model=Nomination,
        steps="14, 7 and 2 working days before nominations close, and the working day after",
        stops="It is sent or deleted, the organisation has nominated, or has nobody",
        letter=_draft_letter,
        email="nominations.draft_chased",
    ),
    order=101,
)


# Nominees and sponsors


def _unanswered(rounds):
    return Nomination.objects.in_words().filter(
        round__in=rounds, state=State.SENT, kind=Nomination.Kind.NOMINATION
    )  # fmt: skip


def _answer_letter(nomination: Nomination, person: Person, step: str, now: datetime):
    return emails.answering.answer_chased(
        nomination=nomination, link=links.known_path(links.ACCEPT, nomination, now=now, email=person.email), now=now
    )


remind(
    Rule(
        key="nominations.acceptance",
        title="Nominees who have not accepted or declined",
        plan=lambda now, scope: _plan(
            _unanswered(_rounds(now, scope)),
            lambda n: n.nominee,
            lambda n: n.sent_at,
            lambda n: n.answer_deadline,
            (7, 3, 1),
            after=False,
        ),
        needed=lambda nomination, person, now: Nomination.objects.filter(pk=nomination.pk, state=State.SENT).exists(),
        model=Nomination,
        steps="7, 3 and 1 working days before statements are due; afterwards the director decides",
        stops="The nominee accepts or declines, or the nomination is withdrawn or replaced",
        letter=_answer_letter,
        email="nominations.answer_chased",
    ),
    order=110,
)


def _escalation_letter(nomination: Nomination, person: Person, step: str, now: datetime):
    return emails.answering.answer_escalated(nomination=nomination)


remind(
    Rule(
        key="nominations.acceptance_nominator",
        title="Nominators whose nominee has not answered",
        plan=lambda now, scope: _plan(
            _unanswered(_rounds(now, scope)).filter(nominator__isnull=False),
            lambda n: n.nominator,
            lambda n: n.sent_at,
            lambda n: n.answer_deadline,
            (2,),
            after=False,
        ),
        needed=lambda nomination, person, now: Nomination.objects.filter(pk=nomination.pk, state=State.SENT).exists(),
        model=Nomination,
        steps="2 working days before statements are due, once",
        stops="The nominee accepts or declines, or the nomination is withdrawn or replaced",
        letter=_escalation_letter,
        email="nominations.answer_escalated",
    ),
    order=112,
)


def _unendorsed(rounds=None, pk=None):
    found = Endorsement.objects.select_related(
        "sponsor", "nomination__round__cohort__programme", "nomination__round__cohort__contact"
    ).filter(state=Endorsement.State.ASKED, nomination__state=State.SENT)
    return found.filter(pk=pk) if pk else found.filter(nomination__round__in=rounds)


def _endorsement_letter(endorsement: Endorsement, person: Person, step: str, now: datetime):
    return emails.answering.endorsement_chased(
        endorsement=endorsement, link=links.known_path(links.ENDORSE, endorsement, now=now), now=now
    )


remind(
    Rule(
        key="nominations.endorsement",
        title="Sponsors who have not endorsed an applicant",
        plan=lambda now, scope: _plan(
            _unendorsed(_rounds(now, scope)),
            lambda e: e.sponsor,
            lambda e: e.asked_at,
            lambda e: e.nomination.answer_deadline,
            (7, 3, 1),
            after=False,
        ),
        needed=lambda endorsement, person, now: _unendorsed(pk=endorsement.pk).exists(),
        model=Endorsement,
        steps="7, 3 and 1 working days before statements are due; afterwards the director decides",
        stops="The sponsor answers, or the application is withdrawn",
        letter=_endorsement_letter,
        email="nominations.endorsement_chased",
    ),
    order=111,
)


# The panel, and those who were offered a place


def _readers(rounds=None, pk=None):
    """Those with something to read, and with `asked_at`: since when they have had the first of it."""
    left = Assessment.objects.to_do().filter(member=OuterRef("pk")).order_by("assigned_at")
    found = (
        PanelMember.objects.select_related("person", "round__cohort__programme", "round__cohort__contact")
        .annotate(asked_at=Subquery(left.values("assigned_at")[:1]))
        .filter(asked_at__isnull=False, left_at=None, round__released_at=None)
    )
    return found.filter(pk=pk) if pk else found.filter(round__in=rounds)


def _scores_letter(member: PanelMember, person: Person, step: str, now: datetime):
    return emails.selecting.scores_chased(member=member, count=member.assessments.to_do().count(), late=step == AFTER)


remind(
    Rule(
        key="nominations.scores",
        title="Panel members with readings to hand in",
        plan=lambda now, scope: _plan(
            _readers(_rounds(now, scope)),
            lambda m: m.person,
            lambda m: m.asked_at,
            lambda m: m.round.cohort.assessments_due,
            (7, 2),
        ),
        needed=lambda member, person, now: _readers(pk=member.pk).exists(),
        model=PanelMember,
        steps="7 and 2 working days before scores are due, and the working day after",
        stops="Everything is handed in, or decisions are released",
        letter=_scores_letter,
        email="nominations.scores_chased",
    ),
    order=120,
)


def _offer_letter(offer: Offer, person: Person, step: str, now: datetime):
    return emails.selecting.offer_chased(
        offer=offer, link=links.known_path(links.OFFER, offer, now=now, email=person.email)
    )


remind(
    Rule(
        key="nominations.offer",
        title="Offers that wait for an answer",
        plan=lambda now, scope: _plan(
            Offer.objects.open().in_words().filter(nomination__round__in=_rounds(now, scope)),
            lambda o: o.nomination.nominee,
            lambda o: o.made_at,
            lambda o: o.expires_at,
            (5, 1),
            after=False,
        ),
        needed=lambda offer, person, now: Offer.objects.open().filter(pk=offer.pk, expires_at__gt=now).exists(),
        model=Offer,
        steps="5 and 1 working days before the offer expires",
        stops="The offer is answered, withdrawn or expired",
        letter=_offer_letter,
        email="nominations.offer_chased",
    ),
    order=130,
)


# Who is invented for a rehearsal, and what it counts besides


@cast(order=100, key="nominations")
def nominators(cohort: Model, now: datetime) -> str:
    """One nominator per organisation that may nominate, while nobody is on the list to be invited.

    In turn they stay silent, leave a draft, and nominate somebody who does not answer; with them comes a panel.
    """
    this_round = Round.objects.filter(cohort=cohort.pk).first() if isinstance(cohort, Cohort) else None
    if this_round is None or this_round.invitations.exists() or this_round.nominations.exists():
        return ""
    kinds = this_round.cohort.programme.nominating_kinds
    organisations = list(Organisation.objects.active().filter(kind__in=kinds).order_by("name")[:MOST_INVENTED])
    people = _invent("Nominator", len(organisations))
    invitations = Invitation.objects.bulk_create(
        Invitation(round=this_round, organisation=organisation, nominator=person)
        for organisation, person in zip(organisations, people, strict=True)
    )
    drafting, nominating = invitations[1::3], invitations[2::3]
    nominees = _invent("Nominee", len(nominating))
    Nomination.objects.bulk_create(
        _invented(each, started_at=now, reference=f"draft {each.pk}") for each in drafting
    )  # fmt: skip
    nominations = Nomination.objects.bulk_create(
        _invented(
            each, nominee=nominee, state=State.SENT, quota=1, quota_slot=1, started_at=now, sent_at=now,
            attested_by=each.nominator.name, reference=f"sent {each.pk}",
        )
        for each, nominee in zip(nominating, nominees, strict=True)
    )  # fmt: skip
    if nominations and not this_round.panel.exists():
        for reader in _invent("Panel member", this_round.assessors):
            member = PanelMember.objects.create(round=this_round, person=reader, joined_at=now)
            Assessment.objects.create(nomination=nominations[0], member=member, number=1, assigned_at=now)
    return f"{len(people)} invented nominators, a panel and their nominees" if people else ""


def _invent(what: str, count: int) -> list[Person]:
    address = what.lower().replace(" ", "-")
    return Person.objects.bulk_create(
        Person(email=f"{address}-{n}@example.invalid", name=f"{what} {n}") for n in range(1, count + 1)
    )


def _invented(invitation: Invitation, **more) -> Nomination:
    return Nomination(
        round=invitation.round, organisation=invitation.organisation, invitation=invitation,
        nominator=invitation.nominator, **more,
    )  # fmt: skip


@dated_letters(order=100, key="nominations", title="Invitations to nominate, offers and outcomes")
def letters_of_selection(cohort: Cohort, now: datetime) -> Iterator[DatedLetter]:
    """To all who are on the list to be invited; offers to as many as have a place, in a rehearsal invented ones."""
    released = due_at(cohort.decisions_due)
    for invitation in Invitation.objects.filter(round__cohort=cohort, withdrawn_at=None).select_related("nominator"):
        sent = invitation.invited_at or cohort.nominations_open
        yield DatedLetter("nominations.invitation", invitation.nominator, sent)
        yield DatedLetter("nominations.outcome", invitation.nominator, released, "if they have nominated")
    for place in Place.objects.active().for_cohort(cohort).select_related("person"):
        yield DatedLetter("nominations.offer", place.person, released)
        yield DatedLetter("nominations.place_accepted", place.person, cohort.offers_expire, "at the latest")
