"""Mail about the year: invites to sessions, their changes, one's team, and the learning contract."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from django.urls import reverse

from cohorts.models import Cohort, Place, Programme
from leaders.components.dates import date_range, day, time_range
from leaders.outbox.registry import Block, Button, Letter, Linkable, email
from leaders.people.models import Organisation, Person

from .models import LearningContract, Module, Session, SystemsChallenge, Team


def _sample_cohort() -> Cohort:
    return Cohort(
        number=7,
        programme=Programme(name="London Leadership Programme", slug="london-leadership"),
        contact=Person(name="Rosalind Tate", email="rosalind.tate@example.org", phone="020 7946 0100"),
        starts_on=date(2026, 9, 15),
        ends_on=date(2027, 7, 16),
    )


def _sample_session() -> Session:
    cohort = _sample_cohort()
    return Session(
        cohort=cohort,
        module=Module(
            pk=4, cohort=cohort, number=4, title="Leading in Communities", venue="Toynbee Hall, E1 6LS",
            focus="community-led change; how movements are built",
        ),
        title="Day 1",
        starts=datetime(2027, 3, 18, 9, 30, tzinfo=UTC),
        ends=datetime(2027, 3, 18, 17, tzinfo=UTC),
    )  # fmt: skip


def _from(cohort: Cohort) -> dict:
    """Who signs, and where replies go."""
    contact = cohort.contact
    return {
        "brand": cohort.programme.name,
        "signed_by": contact.name,
        "signed_role": ", ".join(filter(None, ["Programme director", contact.phone])),
        "reply_to": contact.email,
        "why_you": f"You take part in {cohort.in_words}.",
    }


def _rows(session: Session) -> tuple[tuple[str, str], ...]:
    return (
        ("When", f"{day(session.starts)}, {time_range(session.starts, session.ends)}"),
        ("Where", session.where or "To be confirmed"),
        *((("Join online", Linkable(session.online_link)),) if session.online_link else ()),
    )


def _block(session: Session) -> Block:
    title = f"{session}: {session.module.title}" if session.module_id or session.module else session.title
    return Block(
        heading=title, rows=_rows(session), button=Button("See the module", session.get_absolute_url())
        if session.module else Button("See all your dates", session.get_absolute_url()),
    )  # fmt: skip


@email("modules.invite", title="Invite to a session", sample=lambda: {"session": _sample_session()}, order=310)
def invite(*, session: Session) -> Letter:
    return Letter(
        subject=f"{session} is on {day(session.starts)}",
        opening=("Please open the attached invite, and the date is in your calendar. There is no need to reply.",),
        blocks=(_block(session),),
        **_from(session.cohort),
    )


@email(
    "modules.session_changed",
    title="A session has a new date, time or place",
    sample=lambda: {"session": _sample_session(), "before": {"when": "Thursday 11 March 2027, 9:30am to 5pm"}},
    order=311,
)
def session_changed(*, session: Session, before: Mapping[str, str]) -> Letter:
    """`before`: what was said of "when" and "where" it is, for what has changed of them; neither for a new link."""
    now = {"when": f"on {day(session.starts)}, {time_range(session.starts, session.ends)}", "where": _at(session.where)}
    was = {"when": f"on {before.get('when')}", "where": _at(before.get("where", ""))}
    moved = [what for what in ("when", "where") if what in before]
    if "when" in moved:
        asked = "Please check that you can still come. The attached invite moves the date in your calendar."
    elif moved:
        asked = (
            "Please note the new place: the date and the time stay as they were. The attached invite changes it in "
            "your calendar."
        )
    else:
        asked = "Please use the new link: everything else stays as it was. The attached invite has it too."
    return Letter(
        subject=f"Changed: {session} "
        + (f"is now {', '.join(now[what] for what in moved)}" if moved else "has a new link to join"),
        opening=(
            asked,
            *(f"It was to be {was[what]}. It is now {now[what]}." for what in moved if before[what]),
        ),
        blocks=(_block(session),),
        closing=("If this is difficult for you, reply to this email and we will find a way.",),
        **_from(session.cohort),
    )


def _at(where: str) -> str:
    return "online" if where == "Online" else f"at {where or 'a place to be confirmed'}"


def _sample_move() -> dict:
    first = _sample_session()
    second = Session(
        cohort=first.cohort, module=first.module, title="Day 2", starts=first.starts + timedelta(days=1),
        ends=first.ends + timedelta(days=1),
    )  # fmt: skip
    was = "Thursday 11 March 2027, 9:30am to 5pm", "Friday 12 March 2027, 9:30am to 5pm"
    return {"module": first.module, "moved": tuple(zip((first, second), was, strict=True))}


@email("modules.module_moved", title="A module has new dates", sample=_sample_move, order=314)
def module_moved(*, module: Module, moved: tuple[tuple[Session, str], ...]) -> Letter:
    """One letter of all its days, each with when it was to be."""
    (first, _), (last, _) = moved[0], moved[-1]
    button = Button("See the module", module.get_absolute_url())
    return Letter(
        subject=f"Changed: module {module.number} is now on {date_range(first.starts, last.starts, year=True)}",
        opening=(
            "Please check that you can still come.",
            "Each of the attached invites moves one of the dates in your calendar: open them all.",
        ),
        blocks=tuple(
            Block(
                heading=f"{session}: {module.title}",
                rows=(*_rows(session), ("It was to be", was)),
                button=button if session is last else None,
            )
            for session, was in moved
        ),
        closing=("If this is difficult for you, reply to this email and we will find a way.",),
        **_from(module.cohort),
    )


@email(
    "modules.session_cancelled",
    title="A session will not take place",
    sample=lambda: {"session": _sample_session(), "reason": "The venue has had a flood."},
    order=312,
)
def session_cancelled(*, session: Session, reason: str = "") -> Letter:
    return Letter(
        subject=f"Cancelled: {session}, {day(session.starts)}",
        opening=(
            "You do not need to do anything: the attached notice takes the entry out of your calendar.",
            *((reason,) if reason else ()),
        ),
        blocks=(Block(heading="What was planned", rows=_rows(session)),),
        **_from(session.cohort),
    )


@email(
    "modules.session_withdrawn",
    title="A date leaves the calendar of somebody who left",
    sample=lambda: {"session": _sample_session()},
    order=313,
)
def session_withdrawn(*, session: Session) -> Letter:
    return Letter(
        subject=f"Out of your calendar: {session}, {day(session.starts)}",
        opening=("You do not need to do anything: your place has ended, and the attached notice takes this date out.",),
        **_from(session.cohort) | {"why_you": f"You had a place in {session.cohort.in_words}."},
    )


def _sample_team() -> dict:
    cohort = _sample_cohort()
    challenge = SystemsChallenge(
        cohort=cohort,
        title="Families in temporary accommodation",
        question="How could London halve the time that families with children spend in temporary accommodation?",
        problem_owner="Carla Reid, Director of Housing",
    )
    names = ("Amara Mensah", "Tom Brook", "Ravi Kapoor")
    return {
        "team": Team(cohort=cohort, name="Lea", challenge=challenge),
        "members": [
            Place(person=Person(name=name), role_title="Assistant Director", organisation=Organisation(name="Camden"))
            for name in names
        ],
    }


@email("modules.team", title="Your systems challenge team", sample=_sample_team, order=320)
def team(*, team: Team, members: list[Place]) -> Letter:
    challenge = team.challenge
    people = tuple((place.person.name, f"{place.role_title}, {place.organisation}".strip(", ")) for place in members)
    button = Button("Meet your team", reverse("my_team"))
    blocks = [Block(heading=f"{team}, {len(members)} people", rows=people, button=button)]
    if challenge:
        owner = (f"Asked by {challenge.problem_owner}.",) if challenge.problem_owner else ()
        blocks.insert(0, Block(heading=challenge.title, paragraphs=(challenge.question, *owner)))
    about = f", which works on “{challenge.title}”" if challenge else ""
    return Letter(
        subject=f"You are in {team}",
        opening=(f"You are in {team}{about}. You do not need to prepare anything: you meet at the next module.",),
        blocks=tuple(blocks),
        **_from(team.cohort),
    )


def _sample_contract() -> LearningContract:
    place = Place(
        cohort=_sample_cohort(),
        person=Person(name="Amara Mensah", email="amara.mensah@example.org"),
        organisation=Organisation(name="Camden"),
    )
    return LearningContract(pk=1, place=place, version=2, due_on=date(2026, 9, 8), review_on=date(2027, 3, 2))


@email(
    "modules.contract_to_sign",
    title="A learning contract to read or sign",
    sample=lambda: {"contract": _sample_contract(), "signs": True, "token": "sample", "due_on": date(2026, 9, 8)},
    order=330,
)
def contract_to_sign(*, contract: LearningContract, signs: bool, token: str, due_on: date | None) -> Letter:
    """`due_on` is None once the day on which it was due has come: nobody is asked for what can no longer be done."""
    name, until = contract.place.person.name, f" by {day(due_on)}" if due_on else ", as soon as you can"
    changed = "The contract was changed since it was last sent; the page shows how." if contract.version > 1 else ""
    return Letter(
        subject=f"{name}’s learning contract is ready for {'your signature' if signs else 'you to read'}",
        opening=(
            f"Please read and sign {name}’s learning contract{until}. It takes about five minutes and no account."
            if signs
            else f"Please read {name}’s learning contract and say if something is missing. You do not sign it; the "
            "sponsor does.",
            *((changed,) if changed else ()),
        ),
        blocks=(
            Block(
                heading="What it is",
                paragraphs=(
                    f"It says what {name}, the sponsor and the programme each do this year, and what stays private.",
                ),
                button=Button(
                    "Read and sign" if signs else "Read the contract", reverse("sign_contract", args=[token])
                ),
            ),
        ),
        due=due_on,
        **{**_from(contract.place.cohort), "why_you": f"{name} named you as sponsor or line manager."},
    )


@email(
    "modules.contract_link",
    title="A new link to a learning contract, in place of an expired one",
    sample=lambda: {"contract": _sample_contract(), "signs": True, "signed_at": None, "token": "sample"},
    order=334,
)
def contract_link(*, contract: LearningContract, signs: bool, signed_at: datetime | None, token: str) -> Letter:
    """What is true on the day on which the link is asked for: nobody is asked to sign again, or by a day gone by."""
    name = contract.place.person.name
    if signed_at:
        asked = f"You signed the contract on {day(signed_at)}, so you do not need to do anything."
    elif contract.is_over:
        asked = f"{name} has graduated, so you do not need to do anything. You can still read the contract."
    elif signs:
        asked = "The contract still waits for your signature. That takes about five minutes and no account."
    else:
        asked = "You can read the contract and say if something is missing. You do not sign it; the sponsor does."
    return Letter(
        subject=f"Your new link to {name}’s learning contract",
        opening=(f"You asked for a new link in place of one that had expired. {asked}",),
        blocks=(
            Block(
                button=Button(
                    "Read and sign" if signs and not signed_at and not contract.is_over else "Read the contract",
                    reverse("sign_contract", args=[token]),
                )
            ),
        ),
        **{**_from(contract.place.cohort), "why_you": f"{name} named you as sponsor or line manager."},
    )


@email(
    "modules.contract_chased",
    title="A learning contract still waits for its sponsor",
    sample=lambda: {"contract": _sample_contract(), "token": "sample"},
    order=331,
)
def contract_chased(*, contract: LearningContract, token: str) -> Letter:
    """The reminder to a sponsor, who has no home page and no digest."""
    name = contract.place.person.name
    return Letter(
        subject=f"{name}’s learning contract waits for your signature",
        opening=(
            (
                f"Please read and sign {name}’s learning contract, or say what you would change. It takes about five "
                "minutes and no account."
            ),
        ),
        blocks=(Block(button=Button("Read and sign", reverse("sign_contract", args=[token]))),),
        **{**_from(contract.place.cohort), "why_you": f"{name} named you as sponsor."},
    )


@email(
    "modules.contract_comment",
    title="Somebody commented on the learning contract",
    sample=lambda: {"contract": _sample_contract(), "name": "Ade Okonkwo"},
    order=332,
)
def contract_comment(*, contract: LearningContract, name: str) -> Letter:
    return Letter(
        subject=f"{name} commented on your learning contract",
        opening=("Please read the comment and answer, or change the contract. About ten minutes.",),
        blocks=(Block(button=Button("Read and reply", reverse("my_contract"))),),
        **_from(contract.place.cohort),
    )


@email(
    "modules.contract_agreed",
    title="The learning contract is signed by all three",
    sample=lambda: {"contract": _sample_contract(), "review_on": date(2027, 3, 2)},
    order=333,
)
def contract_agreed(*, contract: LearningContract, review_on: date | None) -> Letter:
    """`review_on` is None once that day has come."""
    later = f": you look at it together again around {day(review_on)}" if review_on else ""
    return Letter(
        subject="Your learning contract is signed by all three",
        opening=(
            (
                "You, your sponsor and the programme have all signed your learning contract. You do not need to do "
                f"anything now{later}."
            ),
        ),
        blocks=(Block(button=Button("See the contract", reverse("my_contract"))),),
        **_from(contract.place.cohort),
    )


@email(
    "modules.shared",
    title="A participant shares their plan or results with sponsor or mentor",
    sample=lambda: {
        "place": _sample_contract().place, "whom": "sponsor", "what": "their learning plan",
        "url": f"{reverse('sign_contract', args=['sample'])}#shared",
    },
    order=340,
)  # fmt: skip
def shared(*, place: Place, whom: str, what: str, url: str) -> Letter:
    """Never a word of what is shared: it stands on the page alone, for as long as it is shared."""
    name, first_name = place.person.name, place.person.first_name
    return Letter(
        subject=f"{name} shares {what} with you",
        opening=(
            f"Nothing to do now. You can read it as {name}’s {whom}, for as long as {first_name} shares it.",
            "Please keep it between you two: it is for a conversation, and never performance management.",
        ),
        blocks=(Block(button=Button(f"Read what {first_name} shares", url)),),
        **{**_from(place.cohort), "why_you": f"You are {name}’s {whom}."},
    )
