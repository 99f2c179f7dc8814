"""Letters about a nomination or application on its way to the panel."""

from collections.abc import Sequence

from leaders.components.dates import day, day_time
from leaders.outbox.registry import Block, Button, email
from nominations.models import Nomination, SharedSection

from .writing import (
    LINK,
    letter,
    sample_application,
    sample_nomination,
    sample_share,
    why_forward,
)


@email(
    "nominations.draft_link",
    title="Your private link to a draft",
    sample=lambda: {"nomination": sample_nomination("draft"), "link": LINK},
    order=110,
)
def draft_link(*, nomination: Nomination, link: str, others: Sequence[tuple[str, str]] = ()):
    what, cohort = "application" if nomination.is_application else "nomination", nomination.cohort
    return letter(
        cohort,
        f"Your private link to {what} {nomination.reference}",
        f"With this link you can carry on with your {what} for {cohort.in_words} from any device until "
        f"{day_time(nomination.deadline)}. You do not need to do anything now. Whoever has the link can read and "
        f"change the {what}, so please keep the link to yourself.",
        button=("Continue", link),
        blocks=tuple(
            Block(
                heading=f"You had begun {reference} before",
                paragraphs=("It is kept too. Go on with whichever you like, and delete the other.",),
                button=Button(f"Go on with {reference}", path),
            )
            for reference, path in others
        ),
        why=f"You receive this because this address was given on the {what} form. If it was not you, reply and we "
        "will delete it.",
        due=nomination.deadline,
    )


@email(
    "nominations.to_send",
    title="A draft that was begun openly is sent from the inbox",
    sample=lambda: {"nomination": sample_nomination("draft"), "link": LINK},
    order=131,
)
def to_send(*, nomination: Nomination, link: str):
    what, cohort = "application" if nomination.is_application else "nomination", nomination.cohort
    whom = "" if nomination.is_application else f" of {nomination.nominee_name}"
    return letter(
        cohort,
        f"Send your {what}{whom}: {nomination.reference}",
        f"Your {what} for {cohort.name} of {cohort.programme.in_words} is ready, and not sent yet. Open it and press "
        f"“Send {what}”, before {day_time(nomination.deadline)}. Until then it is a draft.",
        button=(f"Check and send your {what}", link),
        why=f"You receive this because this address was given on the {what} form. If it was not you, you do not need "
        "to do anything: it is not sent.",
        due=nomination.deadline,
    )


@email(
    "nominations.noted",
    title="What a nominator said on the telephone, to check and send",
    sample=lambda: {"nomination": sample_nomination("draft"), "link": LINK},
    order=133,
)
def noted(*, nomination: Nomination, link: str):
    """The office began the draft; only whoever it is written for can send it."""
    cohort, role = nomination.cohort, nomination.nominee_role_title
    return letter(
        cohort,
        f"Please check and send your nomination of {nomination.nominee_name} by {day(nomination.deadline)}",
        "We wrote down what you told us on the telephone; check it and send it. It does not count before you do, and "
        f"nobody but you can send it. The last moment is {day_time(nomination.deadline)}.",
        f"So far it says that {nomination.employer} puts forward {nomination.nominee_name}{', ' if role else ''}{role} "
        f"for {cohort.name} of {cohort.programme.in_words}. The rest takes about ten minutes, and a colleague can fill "
        "in parts of it.",
        button=("Check and send", link),
        closing=(
            "Whoever has the link can read and change it, so please keep it to yourself.",
            "If we misunderstood you, delete it on the same page, or reply to this email.",
        ),
        due=nomination.deadline,
    )


@email(
    "nominations.section_shared",
    title="A colleague is asked to fill in a section",
    sample=lambda: {"share": sample_share(), "section": "What your organisation will do", "link": LINK},
    order=111,
)
def section_shared(*, share: SharedSection, section: str, link: str):
    nomination = share.nomination
    cohort, whom = nomination.cohort, nomination.nominee_name or "somebody"
    what = f"the nomination of {nomination.nominee_name}" if nomination.nominee_name else "a nomination"
    return letter(
        cohort,
        f"{nomination.nominator_name} asks you to fill in part of {what}",
        f"{nomination.nominator_name} is nominating {whom} for {cohort.programme.in_words} and asks you to fill in "
        f"“{section}”, before {day_time(nomination.deadline)}. You see only this part, and need no account.",
        button=("Fill it in", link),
        why=f"You receive this because {nomination.nominator_name} gave us your address.",
        due=nomination.deadline,
    )


@email(
    "nominations.section_filled",
    title="A colleague has filled in a section",
    sample=lambda: {"share": sample_share(), "section": "What your organisation will do", "link": LINK},
    order=112,
)
def section_filled(*, share: SharedSection, section: str, link: str):
    return letter(
        share.nomination.cohort,
        f"{share.name} has filled in “{section}”",
        "Please look it over when you next open your nomination: you confirm all of it when you send it.",
        button=("Open your nomination", link),
    )


@email(
    "nominations.sent",
    title="Receipt for a nomination",
    sample=lambda: {"nomination": sample_nomination(), "link": LINK},
    order=113,
)
def sent(*, nomination: Nomination, link: str):
    cohort = nomination.cohort
    return letter(
        cohort,
        f"We have your nomination of {nomination.nominee_name}: {nomination.reference}",
        f"You do not need to do anything now. We have asked {nomination.nominee_name} to accept by "
        f"{day(nomination.answer_deadline)}, and will tell you when they do.",
        button=("Open your receipt", link),
        blocks=(
            Block(
                heading="What happens next",
                rows=(
                    (day(nomination.answer_deadline), f"The last day for {nomination.nominee_name} to accept"),
                    (day(cohort.decisions_due), "You both hear the outcome"),
                    (day(cohort.starts_on), f"{cohort.name} starts"),
                ),
            ),
        ),
    )


@email(
    "nominations.application_sent",
    title="Receipt for an application",
    sample=lambda: {"nomination": sample_application(), "link": LINK},
    order=114,
)
def application_sent(*, nomination: Nomination, link: str):
    cohort = nomination.cohort
    return letter(
        cohort,
        f"We have your application: {nomination.reference}",
        f"You do not need to do anything now. We have asked {nomination.sponsor_name or 'your sponsor'} to endorse "
        f"your application by {day(nomination.answer_deadline)}. You will hear by {day(cohort.decisions_due)}.",
        button=("Open your receipt", link),
        why=why_forward(nomination),
    )
