"""A nomination that gives way to another, or goes no further."""

from leaders.components.dates import day_time
from leaders.components.text import upper_first
from leaders.outbox.registry import email
from nominations.models import Nomination, Replacement

from .writing import (
    LINK,
    letter,
    sample_nomination,
    sample_replacement,
    why_forward,
)


@email(
    "nominations.replacement_asked",
    title="A colleague asks to replace a nomination",
    sample=lambda: {"replacement": sample_replacement(), "link": LINK},
    order=123,
)
def replacement_asked(*, replacement: Replacement, link: str):
    draft, standing = replacement.draft, replacement.standing
    role = f" ({draft.nominator_role_title})" if draft.nominator_role_title else ""
    return letter(
        standing.cohort,
        f"{draft.nominator_name} asks whether another nomination may take the place of {standing.reference}",
        f"{upper_first(standing.employer_in_words)} has one nomination for {standing.cohort.name}: yours, of "
        f"{standing.nominee_name}. Your colleague {draft.nominator_name}{role} would like to nominate "
        f"{draft.nominee_name}. If you do nothing, yours stands.",
        button=("Decide", link),
    )


@email(
    "nominations.replacement_refused",
    title="A colleague keeps their nomination",
    sample=lambda: {"replacement": sample_replacement(), "link": LINK},
    order=132,
)
def replacement_refused(*, replacement: Replacement, link: str):
    draft, standing = replacement.draft, replacement.standing
    return letter(
        standing.cohort,
        f"{standing.employer}: the nomination {standing.reference} stands",
        f"Your colleague would rather keep the nomination that they sent, so {draft.reference}, yours of "
        f"{draft.nominee_name}, is not sent. You do not need to do anything. Your draft is kept; if you see it "
        "otherwise, talk to your colleague, or reply to this email.",
        button=("Open your draft", link),
    )


@email(
    "nominations.no_longer",
    title="To a nominee whose nomination was replaced",
    sample=lambda: {"nomination": sample_nomination("replaced")},
    order=124,
)
def no_longer(*, nomination: Nomination):
    return letter(
        nomination.cohort,
        f"Your nomination {nomination.reference} does not go forward this time",
        f"{upper_first(nomination.employer_in_words)} may nominate one person for {nomination.cohort.name} and has "
        "put forward somebody else. You do not need to do anything; what you wrote is not read by the panel. "
        f"{nomination.nominator_name} can tell you more.",
        closing=("We would be glad to see you nominated for a later cohort.",),
        why=why_forward(nomination),
    )


@email(
    "nominations.withdrawn",
    title="A nomination or application was withdrawn, to whoever was put forward",
    sample=lambda: {"nomination": sample_nomination("withdrawn")},
    order=125,
)
def withdrawn(*, nomination: Nomination):
    what = "application" if nomination.is_application else "nomination"
    who = "Rep" if nomination.is_application else f"{nomination.nominator_name} can tell you more, or rep"
    return letter(
        nomination.cohort,
        f"Your {what} {nomination.reference} was withdrawn",
        f"Your {what} for {nomination.cohort.in_words} was withdrawn and goes no further. You do not need to do "
        f"anything. {who}ly to this email if that is a mistake.",
        why=why_forward(nomination),
    )


@email(
    "nominations.withdrawn_nominator",
    title="A nomination was withdrawn, to the nominator",
    sample=lambda: {"nomination": sample_nomination("withdrawn"), "link": LINK},
    order=128,
)
def withdrawn_nominator(*, nomination: Nomination, link: str):
    """`link` leads to a new nomination; empty once nominations have closed."""
    cohort = nomination.cohort
    return letter(
        cohort,
        f"Your nomination of {nomination.nominee_name}, {nomination.reference}, was withdrawn",
        f"Your nomination goes no further, and we have told {nomination.nominee_name}. You do not need to do "
        "anything. If that is a mistake, reply to this email.",
        f"You can nominate somebody else until {day_time(nomination.round.closes_at)}." if link else "",
        button=("Nominate somebody else", link) if link else None,
    )


@email(
    "nominations.deferred",
    title="Deferred to a later cohort, to whoever was put forward",
    sample=lambda: {"nomination": sample_nomination("deferred")},
    order=126,
)
def deferred(*, nomination: Nomination):
    what = "application" if nomination.is_application else "nomination"
    return letter(
        nomination.cohort,
        f"Your {what} {nomination.reference} was deferred to a later cohort",
        f"You do not take part in {nomination.cohort.in_words}. You do not need to do anything: we will be in touch "
        "when the next cohort opens.",
        why=why_forward(nomination),
    )


@email(
    "nominations.deferred_nominator",
    title="Deferred to a later cohort, to the nominator",
    sample=lambda: {"nomination": sample_nomination("deferred")},
    order=129,
)
def deferred_nominator(*, nomination: Nomination):
    return letter(
        nomination.cohort,
        f"Your nomination of {nomination.nominee_name}, {nomination.reference}, was deferred to a later cohort",
        f"{nomination.nominee_name} does not take part in {nomination.cohort.name}. You do not need to do anything: "
        "we will be in touch when the next cohort opens.",
    )
