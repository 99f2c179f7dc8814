"""Letters of the selection: reading, outcomes, offers."""

from leaders.components.dates import day, day_time
from leaders.outbox.registry import Block, OnUncertain, email
from nominations.models import Nomination, Offer, PanelMember, Round

from .writing import (
    LINK,
    WHY_NOMINEE,
    letter,
    sample_member,
    sample_nomination,
    sample_offer,
    sample_round,
)

State = Nomination.State
WHY_PANEL = "You receive this because you are a member of the selection panel."


@email(
    "nominations.reading",
    title="Nominations to read, for a panel member",
    sample=lambda: {"member": sample_member(), "count": 4},
    order=140,
)
def reading(*, member: PanelMember, count: int):
    cohort = member.round.cohort
    return letter(
        cohort,
        f"{count} nomination{'' if count == 1 else 's'} to read by {day(cohort.assessments_due)}",
        f"You have {count} nomination{'' if count == 1 else 's'} for {cohort.name} to read and score, about 20 minutes "
        f"each, by {day_time(cohort.assessments_due)}. You see neither names nor organisations. If you recognise "
        "somebody, say so on the page and it goes to another panel member.",
        button=("Start reading", "/panel/"),
        why=WHY_PANEL,
        due=cohort.assessments_due,
    )


@email(
    "nominations.scores_chased",
    title="Reminder to a panel member",
    sample=lambda: {"member": sample_member(), "count": 2, "late": False},
    order=141,
)
def scores_chased(*, member: PanelMember, count: int, late: bool):
    cohort = member.round.cohort
    due = day_time(cohort.assessments_due)
    asked = (
        f"Your scores were due by {due}; please hand them in now" if late else f"Please hand in your scores by {due}"
    )
    return letter(
        cohort,
        f"{count} nomination{' is' if count == 1 else 's are'} waiting for your scores",
        f"{asked}: the panel meets once all are in. What you saved is there; each reading takes about 20 minutes.",
        button=("Continue reading", "/panel/"),
        why=WHY_PANEL,
        due=None if late else cohort.assessments_due,
    )


@email(
    "nominations.offer",
    title="Offer of a place",
    sample=lambda: {
        "offer": sample_offer(),
        "link": LINK,
        "feedback": "The panel liked how you write about partnership.",
    },
    on_uncertain=OnUncertain.HOLD,
    order=150,
)
def offer(*, offer: Offer, link: str, feedback: str = ""):
    cohort = offer.nomination.cohort
    opening = (
        f"A place in {cohort.in_words} has become free, and we are glad to offer it to you."
        if offer.from_waiting_list
        else f"We are glad to offer you a place in {cohort.in_words}."
    )
    return letter(
        cohort,
        f"A place for you in {cohort.name}: please answer by {day(offer.expires_at)}",
        f"{opening} Please accept or decline by {day_time(offer.expires_at)}; after that the place may go to somebody "
        "else.",
        button=("Read and answer", link),
        blocks=_feedback(feedback),
        closing=(f"{cohort.name} starts on {day(cohort.starts_on)}.",),
        why=WHY_NOMINEE,
        due=offer.expires_at,
    )


@email(
    "nominations.offer_chased",
    title="Reminder of an open offer",
    sample=lambda: {"offer": sample_offer(), "link": LINK},
    order=151,
)
def offer_chased(*, offer: Offer, link: str):
    return letter(
        offer.nomination.cohort,
        f"Your place waits for your answer until {day(offer.expires_at)}",
        f"Please accept or decline your place in {offer.nomination.cohort.name} by {day_time(offer.expires_at)}. After "
        "that the place may go to somebody else.",
        button=("Read and answer", link),
        why=WHY_NOMINEE,
        due=offer.expires_at,
    )


@email(
    "nominations.waiting_list",
    title="A place on the waiting list",
    sample=lambda: {
        "nomination": sample_nomination("waiting"),
        "feedback": "A strong nomination in a strong year.",
        "full": True,
        "readings": 2,
    },
    on_uncertain=OnUncertain.HOLD,
    order=152,
)
def waiting_list(*, nomination: Nomination, feedback: str = "", full: bool = False, readings: int = 0):
    """`full`: whether every place is offered or taken; `readings`: how many panel members handed in scores."""
    cohort = nomination.cohort
    opening = f"Every place in {cohort.name} has been offered, and you are" if full else "You are"
    return letter(
        cohort,
        f"{cohort.name}: you are on the waiting list",
        f"{opening} on the waiting list{'' if full else f' for {cohort.name}'}.{_read_by(nomination, readings)} You "
        f"do not need to do anything. If we can offer you a place before {day(cohort.starts_on)}, we write to you at "
        "once.",
        blocks=_feedback(feedback),
        why=WHY_NOMINEE,
    )


@email(
    "nominations.not_this_time",
    title="Not this time, with feedback",
    sample=lambda: {
        "nomination": sample_nomination("unsuccessful"),
        "feedback": "Say more about what changed because of you.",
        "full": True,
        "readings": 2,
    },
    on_uncertain=OnUncertain.HOLD,
    order=153,
)
def not_this_time(*, nomination: Nomination, feedback: str = "", full: bool = False, readings: int = 0):
    """`full`: whether every place is offered or taken; `readings`: how many panel members handed in scores."""
    cohort = nomination.cohort
    places = f" Every place in {cohort.name} has been offered to others." if full else ""
    return letter(
        cohort,
        f"{cohort.name}: the panel’s decision about your {nomination.get_kind_display().lower()}",
        f"We cannot offer you a place in {cohort.name} this time.{_read_by(nomination, readings)}{places}",
        blocks=_feedback(feedback),
        closing=("You can be put forward again for a later cohort. To talk about it, reply to this email.",),
        why=WHY_NOMINEE,
    )


OUTCOMES = {
    State.OFFERED: "was offered a place; we will tell you when they have answered",
    State.WAITING: "is on the waiting list; if we can offer a place we write to them at once",
    State.UNSUCCESSFUL: "was not offered a place this time; they have our feedback and can be put forward again",
    State.ACCEPTED: "has accepted the place; the line manager and sponsor you named will hear from us",
    State.OFFER_DECLINED: "has declined the place",
    State.OFFER_EXPIRED: "did not answer in time, so the offer of a place has ended",
}
# Two outcomes may reach a nominator within a minute, so their subjects differ.
SUBJECTS = {
    State.OFFERED: "{nominee} was offered a place in {cohort}",
    State.WAITING: "{nominee} is on the waiting list for {cohort}",
    State.UNSUCCESSFUL: "{cohort}: the decision about {nominee}",
    State.ACCEPTED: "{nominee} has accepted a place in {cohort}",
    State.OFFER_DECLINED: "{nominee} has declined a place in {cohort}",
    State.OFFER_EXPIRED: "{nominee} has not answered the offer of a place in {cohort}",
}


@email(
    "nominations.outcome",
    title="The outcome, to the nominator",
    sample=lambda: {"nomination": sample_nomination("offered")},
    order=154,
)
def outcome(*, nomination: Nomination):
    cohort = nomination.cohort
    return letter(
        cohort,
        SUBJECTS[State(nomination.state)].format(nominee=nomination.nominee_name, cohort=cohort.name),
        f"{nomination.nominee_name} {OUTCOMES[nomination.state]}. You do not need to do anything.",
    )


@email(
    "nominations.place_accepted",
    title="Welcome, after accepting a place",
    sample=lambda: {"nomination": sample_nomination("accepted")},
    order=155,
)
def place_accepted(*, nomination: Nomination):
    cohort = nomination.cohort
    return letter(
        cohort,
        f"Your place in {cohort.name} is confirmed",
        f"Welcome. {cohort.name} starts on {day(cohort.starts_on)}. Your own pages show what comes first; sign in with "
        "this email address whenever you like.",
        button=("Open your pages", "/my/"),
        blocks=(
            Block(
                heading="The first dates",
                rows=(
                    (day(cohort.onboarding_due), "Questionnaire and learning contract"),
                    (day(cohort.starts_on), "The first module"),
                ),
            ),
        ),
        why=WHY_NOMINEE,
    )


@email(
    "nominations.offer_expired",
    title="An offer has expired",
    sample=lambda: {"offer": sample_offer()},
    order=156,
)
def offer_expired(*, offer: Offer):
    cohort = offer.nomination.cohort
    return letter(
        cohort,
        f"{cohort.name}: your offer has passed its date",
        f"We had hoped to hear from you by {day_time(offer.expires_at)}, so the offer has ended and the place may go "
        "to somebody else. If you still want to take part, reply today: we will see what is possible.",
        why=WHY_NOMINEE,
    )


@email(
    "nominations.cancelled",
    title="A cohort does not take place, to those who nominate, were nominated, apply, sponsor or read",
    sample=lambda: {
        "round": sample_round(),
        "sentences": ("Your nomination LLP8-0147 ends here and the offer of a place is withdrawn.",),
    },
    order=157,
)
def cancelled(*, round: Round, sentences: tuple[str, ...]):  # noqa: A002 (the domain's word)
    cohort = round.cohort
    return letter(
        cohort,
        f"{cohort.in_words} does not take place",
        f"We are sorry: {cohort.in_words} does not take place. You do not need to do anything.",
        *sentences,
        closing=("To talk about it, reply to this email.",),
        why=f"You receive this because you had to do with the nominations for {cohort.name}.",
    )


def _read_by(nomination: Nomination, readings: int) -> str:
    if not readings:
        return ""
    who = "one person" if readings == 1 else f"{readings} people"
    return f" Your {nomination.get_kind_display().lower()} was read by {who}, without your name and organisation."


def _feedback(words: str) -> tuple[Block, ...]:
    return (Block(heading="From the panel", paragraphs=(words,)),) if words.strip() else ()
