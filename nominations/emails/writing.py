"""What all letters of this app share: who signs them, and unsaved records for their previews."""

from datetime import UTC, date, datetime

from cohorts.models import Cohort, Programme
from leaders.components.dates import days_between, span
from leaders.outbox.registry import Block, Button, Letter
from leaders.people.models import Organisation, Person
from nominations.models import (
    Endorsement,
    Invitation,
    NobodyThisTime,
    Nomination,
    Offer,
    PanelMember,
    Replacement,
    Round,
)
from nominations.models import SharedSection as Share

EXACT_BELOW = 28  # days, in which a subject says how many are left
WHY_NOMINATOR = "You receive this because you nominate for your organisation."
WHY_NOMINEE = "You receive this because you were put forward for this programme, or applied to it."


def why_forward(nomination: Nomination) -> str:
    """Why whoever was put forward, or applied, is written to."""
    if nomination.is_application:
        return "You receive this because you applied to this programme."
    return "You receive this because you were nominated for this programme."


def why_sponsor(nomination: Nomination) -> str:
    """Why an applicant's sponsor is written to."""
    return f"You receive this because {nomination.nominee_name} gave us your address."


def left(until: datetime, now: datetime) -> str:
    """How long is left, at the head of a subject that several reminders share: “9 days left”, “last day”.

    To the day in the last four weeks, where “3 weeks” for 18 days would promise too much.
    """
    days = days_between(until, now)
    if days >= EXACT_BELOW:
        return f"{span(days)} left"
    return f"{days} day{'' if days == 1 else 's'} left" if days > 0 else "last day"


def letter(
    cohort: Cohort, subject: str, *opening: str, button: tuple[str, str] | None = None, blocks: tuple[Block, ...] = (),
    closing: tuple[str, ...] = (), why: str = WHY_NOMINATOR, greeting: str = "", due: datetime | None = None,
) -> Letter:  # fmt: skip
    """A letter in the programme's name, signed by the cohort's contact, to whom replies go; see `Letter` for `due`."""
    contact = cohort.contact
    role = ", ".join(filter(None, (contact.role_title or "Programme director", contact.phone)))
    if button:
        blocks = (Block(button=Button(*button)), *blocks)
    return Letter(
        subject=subject,
        opening=tuple(filter(None, opening)),
        greeting=greeting,
        blocks=blocks,
        closing=closing,
        brand=cohort.programme.name,
        signed_by=contact.name,
        signed_role=role,
        reply_to=contact.email,
        why_you=why,
        due=due,
    )


def sample_round() -> Round:
    programme = Programme(name="London Leadership Programme", short_name="LLP", eligible_roles=["Assistant Director"])
    contact = Person(
        name="Rosalind Tate", email="rosalind.tate@example.org", phone="020 7946 0100", role_title="Programme director"
    )
    cohort = Cohort(
        pk=8,
        programme=programme,
        number=8,
        contact=contact,
        capacity=36,
        nominations_open=datetime(2027, 3, 1, 9, tzinfo=UTC),
        nominations_close=datetime(2027, 5, 14, 16, tzinfo=UTC),
        statements_due=datetime(2027, 5, 28, 16, tzinfo=UTC),
        assessments_due=datetime(2027, 6, 9, 16, tzinfo=UTC),
        decisions_due=date(2027, 6, 11),
        offers_expire=datetime(2027, 6, 25, 16, tzinfo=UTC),
        onboarding_due=date(2027, 9, 6),
        starts_on=date(2027, 9, 15),
    )
    return Round(pk=8, cohort=cohort, substitutes_until=cohort.statements_due)


def sample_person(name: str = "Helen Marsh") -> Person:
    return Person(name=name, email=f"{name.lower().replace(' ', '.')}@example.org")


def sample_invitation() -> Invitation:
    return Invitation(round=sample_round(), organisation=Organisation(name="Camden"), nominator=sample_person())


def sample_nomination(state: str = "sent") -> Nomination:
    return Nomination(
        round=sample_round(),
        organisation=Organisation(name="Camden"),
        reference="LLP8-0147",
        state=state,
        nominator=sample_person(),
        nominator_name="Helen Marsh",
        nominator_email="helen.marsh@example.org",
        nominee=sample_person("Amina Rahman"),
        nominee_name="Amina Rahman",
        nominee_email="amina.rahman@example.org",
    )


def sample_application() -> Nomination:
    application = sample_nomination()
    application.kind, application.nominator = Nomination.Kind.APPLICATION, None
    return application


def sample_offer() -> Offer:
    return Offer(nomination=sample_nomination("offered"), expires_at=datetime(2027, 6, 25, 16, tzinfo=UTC))


def sample_share() -> Share:
    return Share(
        nomination=sample_nomination("draft"), section="council", name="Femi Adebayo", email="femi@example.org"
    )


def sample_endorsement() -> Endorsement:
    return Endorsement(nomination=sample_application(), sponsor=sample_person("Grace Lin"))


def sample_replacement() -> Replacement:
    draft = sample_nomination("draft")
    draft.reference, draft.nominator_name = "LLP8-0152", "Martin Cole"
    return Replacement(draft=draft, standing=sample_nomination())


def sample_nobody() -> NobodyThisTime:
    return NobodyThisTime(round=sample_round(), organisation=Organisation(name="Camden"), person=sample_person())


def sample_member() -> PanelMember:
    return PanelMember(round=sample_round(), person=sample_person("Priya Nair"))


LINK = "/nominate/"
SAMPLE_DAY = datetime(2027, 5, 5, 9, tzinfo=UTC)
