"""Letters that ask for a nomination, and the answers to short answers."""

from datetime import datetime

from leaders.components.dates import day, day_time, month_year
from leaders.components.text import upper_first
from leaders.outbox.registry import Block, OnUncertain, email
from nominations.models import Invitation, NobodyThisTime, Nomination, Round

from .writing import (
    LINK,
    SAMPLE_DAY,
    WHY_NOMINATOR,
    WHY_NOMINEE,
    left,
    letter,
    sample_invitation,
    sample_nobody,
    sample_nomination,
    sample_round,
)


@email(
    "nominations.round_open",
    title="Nominations are open, to those who asked to be told",
    sample=lambda: {"round": sample_round()},
    order=100,
)
def round_open(*, round: Round):  # noqa: A002 (the domain's word)
    cohort = round.cohort
    return letter(
        cohort,
        f"{cohort.short_name}: nominations are open until {day(cohort.nominations_close)}",
        f"You asked us to tell you. Nominations for {cohort.programme.in_words} close on "
        f"{day_time(cohort.nominations_close)}.",
        button=("Nominate", "/nominate/"),
        closing=("We have written to you once, as you asked, and have deleted your request.",),
        why="You receive this because you asked to be told when nominations open.",
        greeting="Hello",
        due=cohort.nominations_close,
    )


@email(
    "nominations.invitation",
    title="Invitation to nominate",
    sample=lambda: {"invitation": sample_invitation(), "link": LINK},
    on_uncertain=OnUncertain.HOLD,
    order=101,
)
def invitation(*, invitation: Invitation, link: str):
    cohort = invitation.round.cohort
    post = cohort.programme.eligible_roles[0] if len(cohort.programme.eligible_roles) == 1 else "person"
    is_for_one = cohort.programme.nominations_per_organisation == 1
    return letter(
        cohort,
        f"{cohort.short_name}: nominate {f'one {post}' if is_for_one else 'people'} by {day(invitation.deadline)}",
        f"{upper_first(invitation.organisation.in_words)} may put forward {'one person' if is_for_one else 'people'} "
        f"for {cohort.programme.in_words}, which starts in {month_year(cohort.starts_on)}. It takes about ten "
        "minutes, you need no account, and a colleague can fill in parts of it.",
        button=("Start your nomination", link),
        blocks=(
            Block(
                heading="The dates",
                rows=(
                    (day_time(invitation.deadline), "Last moment to nominate"),
                    (day(cohort.decisions_due), "You and your nominee hear"),
                    (day(cohort.starts_on), f"{cohort.name} starts"),
                ),
            ),
        ),
        closing=("If you have nobody this time, the same page lets you say so. That is a good answer too.",),
        due=invitation.deadline,
    )


@email(
    "nominations.more_time",
    title="More time for one person",
    sample=lambda: {"subject": sample_invitation(), "link": LINK},
    order=105,
)
def more_time(*, subject: Invitation | Nomination, link: str):
    """To a nominator, a nominee or an applicant's sponsor; `subject` says what for and until when."""
    cohort = subject.round.cohort
    if isinstance(subject, Invitation):
        until, what, why = subject.deadline, f"nominate for {cohort.name}", WHY_NOMINATOR
    elif subject.is_draft:
        until, what = subject.deadline, f"send {subject.reference}"
        why = WHY_NOMINEE if subject.is_application else WHY_NOMINATOR
    elif subject.is_application:
        until, what = subject.answer_deadline, f"endorse {subject.nominee_name}"
        why = f"You receive this because {subject.nominee_name} gave us your address."
    else:
        until, what, why = subject.answer_deadline, "answer your nomination", WHY_NOMINEE
    return letter(
        cohort,
        f"You have more time to {what}: until {day(until)}",
        f"{cohort.contact} has given you more time: the last moment to {what} is now {day_time(until)}. You need no "
        "other link than the one you have; here it is once more.",
        button=("Open", link),
        why=why,
        due=until,
    )


@email(
    "nominations.new_link",
    title="A new link in place of an expired one",
    sample=lambda: {"round": sample_round(), "link": LINK},
    order=106,
)
def new_link(*, round: Round, link: str):  # noqa: A002
    return letter(
        round.cohort,
        "Your new link",
        "You asked for a new link in place of one that had expired. It works for a week. If it was not you, you do "
        "not need to do anything.",
        button=("Open", link),
        why="You receive this because the first link went to this address.",
    )


@email(
    "nominations.nobody_noted",
    title="Nobody this time: noted",
    sample=lambda: {"said": sample_nobody(), "until": sample_round().closes_at, "link": LINK},
    order=102,
)
def nobody_noted(*, said: NobodyThisTime, until: datetime, link: str = ""):
    cohort = said.round.cohort
    return letter(
        cohort,
        f"Noted: {said.organisation.in_words} has nobody for {cohort.short_name}",
        "Thank you for telling us. You do not need to do anything else, and we will not remind you.",
        f"If somebody comes to mind, you can change your mind until {day_time(until)}.",
        button=("Nominate after all", link) if link else None,
    )


@email(
    "nominations.invitation_chased",
    title="Reminder to an invited nominator",
    sample=lambda: {"invitation": sample_invitation(), "link": LINK, "late": False, "now": SAMPLE_DAY},
    order=103,
)
def invitation_chased(*, invitation: Invitation, link: str, late: bool, now: datetime):
    cohort = invitation.round.cohort
    deadline = invitation.deadline
    if late:
        return letter(
            cohort,
            f"{cohort.short_name}: nominations have closed without {invitation.organisation.in_words}",
            f"You do not need to do anything. If {invitation.organisation.in_words} did want to nominate, reply today "
            "and we will see what is possible.",
        )
    return letter(
        cohort,
        f"{cohort.short_name}: {left(deadline, now)} to nominate, until {day(deadline)}",
        f"We have not heard from {invitation.organisation.in_words} yet. The last moment to nominate for "
        f"{cohort.programme.in_words} is {day_time(deadline)}; it takes about ten minutes.",
        button=("Start your nomination", link),
        closing=("Nobody this time? Say so on the same page and you will hear no more from us.",),
        due=deadline,
    )


@email(
    "nominations.draft_chased",
    title="Reminder of a draft",
    sample=lambda: {"nomination": sample_nomination("draft"), "link": LINK, "late": False, "now": SAMPLE_DAY},
    order=104,
)
def draft_chased(*, nomination: Nomination, link: str, late: bool, now: datetime):
    cohort = nomination.cohort
    if late:
        return letter(
            cohort,
            f"{cohort.short_name}: your draft {nomination.reference} was not sent before nominations closed",
            "You do not need to do anything. If you did want to send the draft, reply today and we will see what is "
            "possible.",
        )
    return letter(
        cohort,
        f"{cohort.short_name}: {left(nomination.deadline, now)} to send your draft {nomination.reference}, until "
        f"{day(nomination.deadline)}",
        f"What you wrote is saved. The last moment to send your draft is {day_time(nomination.deadline)}.",
        button=("Continue", link),
        due=nomination.deadline,
    )
