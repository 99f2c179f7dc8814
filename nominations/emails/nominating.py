"""Letters about a nomination or application on its way to the panel."""

from collections.abc import Sequence
from datetime import datetime

from leaders.components.dates import day, day_time, month_year
from leaders.components.text import upper_first
from leaders.outbox.registry import Block, Button, email
from nominations.models import Endorsement, Nomination, Replacement, SharedSection

from .writing import (
    LINK,
    SAMPLE_DAY,
    left,
    letter,
    sample_application,
    sample_endorsement,
    sample_nomination,
    sample_replacement,
    sample_share,
    why_forward,
    why_sponsor,
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
