"""What nominees and sponsors are asked, and what becomes known of their answers."""

from datetime import datetime

from leaders.components.dates import day, day_time, month_year
from leaders.components.text import upper_first
from leaders.outbox.registry import email
from nominations.models import Endorsement, Nomination

from .writing import (
    LINK,
    SAMPLE_DAY,
    left,
    letter,
    sample_application,
    sample_endorsement,
    sample_nomination,
    why_forward,
    why_sponsor,
)


@email(
    "nominations.accept",
    title="The nominee is asked to accept",
    sample=lambda: {"nomination": sample_nomination(), "link": LINK},
    order=115,
)
def accept(*, nomination: Nomination, link: str):
    cohort = nomination.cohort
    return letter(
        cohort,
        f"{nomination.nominator_name} has nominated you for {cohort.programme.in_words}",
        f"{upper_first(nomination.employer_in_words)} puts you forward for {cohort.name}, which starts in "
        f"{month_year(cohort.starts_on)}. Please accept, or decline, by {day_time(nomination.answer_deadline)}. It "
        "takes about 15 minutes: a statement in your own words, and whether you can come on the dates.",
        button=("Read and answer", link),
        closing=("A panel that does not see your name or organisation then reads all nominations alike.",),
        why=why_forward(nomination),
        due=nomination.answer_deadline,
    )


@email(
    "nominations.answer_chased",
    title="Reminder to a nominee",
    sample=lambda: {"nomination": sample_nomination(), "link": LINK, "now": SAMPLE_DAY},
    order=116,
)
def answer_chased(*, nomination: Nomination, link: str, now: datetime):
    return letter(
        nomination.cohort,
        f"{nomination.cohort.short_name}: {left(nomination.answer_deadline, now)} to answer your nomination, until "
        f"{day(nomination.answer_deadline)}",
        f"{nomination.nominator_name} nominated you for {nomination.cohort.programme.in_words}. Please accept or "
        f"decline by {day_time(nomination.answer_deadline)}; without an answer the nomination cannot be read.",
        button=("Read and answer", link),
        why=why_forward(nomination),
        due=nomination.answer_deadline,
    )


@email(
    "nominations.answer_escalated",
    title="The nominee has not answered, to the nominator",
    sample=lambda: {"nomination": sample_nomination()},
    order=127,
)
def answer_escalated(*, nomination: Nomination):
    """The one step beyond the nominee before the office decides."""
    return letter(
        nomination.cohort,
        f"{nomination.nominee_name} has not answered your nomination yet",
        f"We have written to {nomination.nominee_name} and heard nothing. You do not need to do anything, but a word "
        f"from you often helps: without an answer by {day_time(nomination.answer_deadline)} the nomination cannot be "
        "read.",
        closing=("We write to you about this once.",),
        due=nomination.answer_deadline,
    )


@email(
    "nominations.nominee_accepted",
    title="The nominee has accepted",
    sample=lambda: {"nomination": sample_nomination("complete"), "link": LINK},
    order=117,
)
def nominee_accepted(*, nomination: Nomination, link: str):
    cohort = nomination.cohort
    return letter(
        cohort,
        f"{nomination.nominee_name} has accepted: {nomination.reference} is complete",
        f"{nomination.nominee_name} has accepted your nomination. You do not need to do anything: the panel reads it "
        f"with all the others, and you both hear by {day(cohort.decisions_due)}.",
        button=("Open your receipt", link),
    )


@email(
    "nominations.nominee_declined",
    title="The nominee has declined",
    sample=lambda: {"nomination": sample_nomination("nominee_declined"), "link": LINK},
    order=118,
)
def nominee_declined(*, nomination: Nomination, link: str):
    return letter(
        nomination.cohort,
        f"{nomination.nominee_name} will not take part this time",
        f"{nomination.nominee_name} thanks you for the nomination and has declined. Until "
        f"{day_time(nomination.substitutes_until)} you can put forward somebody else; what you wrote "
        "about the sponsor, the fee and the cover is kept.",
        button=("Nominate somebody else", link),
    )


@email(
    "nominations.equality",
    title="Equality questions, apart and optional",
    sample=lambda: {"nomination": sample_nomination("complete"), "link": LINK},
    order=119,
)
def equality(*, nomination: Nomination, link: str):
    what, nobody = ("application", "your sponsor") if nomination.is_application else ("nomination", "your nominator")
    return letter(
        nomination.cohort,
        "Would you answer a few equality questions? They are kept apart",
        "This is optional and takes two minutes. If you would rather not, you do not need to do anything.",
        f"Your answers are stored apart from your {what}: neither the panel, nor {nobody}, nor anybody at the "
        "programme can see whose they are. They show only in totals.",
        button=("See the questions", link),
        why=why_forward(nomination),
    )


@email(
    "nominations.saved_answer",
    title="The link to an answer that was saved and not sent",
    sample=lambda: {"nomination": sample_nomination(), "link": LINK},
    order=130,
)
def saved_answer(*, nomination: Nomination, link: str):
    """Asked for on the page that says it is saved, by a nominee or by an applicant's sponsor."""
    sponsors = nomination.is_application
    what = f"endorsement of {nomination.nominee_name}" if sponsors else "answer to your nomination"
    return letter(
        nomination.cohort,
        f"Your {what} is saved, and not sent yet",
        f"You asked for this link again. With it you can go on with your {what} from any device until "
        f"{day_time(nomination.answer_deadline)}. Nobody else reads it before you send it. Whoever has the link can "
        "read and change it, so please keep it to yourself.",
        button=("Go on", link),
        why=why_sponsor(nomination) if sponsors else why_forward(nomination),
        due=nomination.answer_deadline,
    )


@email(
    "nominations.endorse",
    title="A sponsor is asked to endorse an applicant",
    sample=lambda: {"endorsement": sample_endorsement(), "link": LINK},
    order=120,
)
def endorse(*, endorsement: Endorsement, link: str):
    nomination = endorsement.nomination
    return letter(
        nomination.cohort,
        f"{nomination.nominee_name} asks you to endorse an application by {day(nomination.answer_deadline)}",
        f"{nomination.nominee_name} has applied to {nomination.cohort.programme.in_words} and names you as sponsor. "
        f"Please say what you know of their work, or that you would rather not, by "
        f"{day_time(nomination.answer_deadline)}. It takes about ten minutes and needs no account.",
        button=("Read and answer", link),
        why=why_sponsor(nomination),
        due=nomination.answer_deadline,
    )


@email(
    "nominations.endorsement_chased",
    title="Reminder to a sponsor",
    sample=lambda: {"endorsement": sample_endorsement(), "link": LINK, "now": SAMPLE_DAY},
    order=121,
)
def endorsement_chased(*, endorsement: Endorsement, link: str, now: datetime):
    nomination = endorsement.nomination
    return letter(
        nomination.cohort,
        f"{nomination.cohort.short_name}: {left(nomination.answer_deadline, now)} for your word on "
        f"{nomination.nominee_name}, until {day(nomination.answer_deadline)}",
        f"Please say what you know of {nomination.nominee_name}’s work, or that you would rather not, by "
        f"{day_time(nomination.answer_deadline)}. Without your word the panel cannot read the application to "
        f"{nomination.cohort.programme.in_words}.",
        button=("Read and answer", link),
        why=why_sponsor(nomination),
        due=nomination.answer_deadline,
    )


@email(
    "nominations.endorsed",
    title="The sponsor has endorsed",
    sample=lambda: {"nomination": sample_application(), "link": LINK},
    order=122,
)
def endorsed(*, nomination: Nomination, link: str):
    return letter(
        nomination.cohort,
        f"Your application {nomination.reference} is complete",
        f"Your sponsor has endorsed your application. You do not need to do anything: you will hear by "
        f"{day(nomination.cohort.decisions_due)}.",
        button=("Open your receipt", link),
        why=why_forward(nomination),
    )
