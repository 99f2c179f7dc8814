"""What one side said in confidence shows up nowhere else: not on a page, in a mail, a card, a PDF or an export."""

import html
import io
import json
import re
from dataclasses import asdict
from datetime import timedelta

import pypdf
import pytest
from django.urls import reverse

from leaders.documents.actions import claim_document, make_document
from leaders.documents.models import Document
from leaders.outbox.models import Message
from leaders.people.models import AuditEvent
from leaders.people.privacy import export
from mentoring.actions import (
    answer_review,
    ask_to_talk,
    declare_conflict,
    decline_mentorship,
    opt_in,
    record_meeting,
    save_offer,
    state_preferences,
    thank_mentors,
    write_note,
)
from mentoring.forms import SHARES
from mentoring.matching import Criterion, Mentee, Weights, parts
from mentoring.matching import Mentor as MentorRow
from mentoring.models import MatchRun, Mentorship, RunPair
from mentoring.wording import labels, why
from modules.actions import add_goal, review_goal, share_plan
from tests.browsers import sign_in
from tests.mentoring.factories import MATCHING_DAY, MentorFactory, matched
from tests.modules.factories import WaveFactory, answered
from tests.people.factories import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_will_do]
TODAY = MATCHING_DAY.date()
LINK = re.compile(r'href="(/[^"#]*)"')
ELSEWHERE = re.compile(r"^/(static|accounts|office/(logout|jsi18n|outbox|reminders|cohorts|modules|nominations))")
MOST_PAGES = 150


@pytest.fixture(autouse=True)
def _on_matching_day(time_machine):
    time_machine.move_to(MATCHING_DAY, tick=False)


@pytest.fixture
def leo(known_criteria):
    """Another mentor, whom Amara named first."""
    return MentorFactory(person__name="Leo Marsh", offers={"theme-politics": 1})


@pytest.fixture
def confided(amara, joanne, mentee, mentor, leo, rosalind):
    """Amara and Joanne, matched and begun, after each has said in confidence whatever can be said; a canary in each."""
    opt_in(place=mentee.place, by=amara, now=MATCHING_DAY, shares=["canary-amara-share", "carer"])
    save_offer(mentor=mentor, by=joanne, now=MATCHING_DAY, shares=["canary-joanne-share", "carer"])
    state_preferences(place=mentee.place, mentors=[leo, mentor], by=amara, now=MATCHING_DAY)
    for person in (amara, joanne):
        said = person.first_name.lower()
        declare_conflict(by=person, now=MATCHING_DAY, whom=f"canary-{said}-whom", reason=f"canary-{said}-reason")
        declare_conflict(by=person, now=MATCHING_DAY, person=PersonFactory(name=f"canary-{said}-met"))
    mentorship = matched(mentee.place, mentor, rosalind)
    for person in (amara, joanne):
        said = person.first_name.lower()
        write_note(mentorship=mentorship, words=f"canary-{said}-note", by=person, now=MATCHING_DAY)
    record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=amara, now=MATCHING_DAY, useful=False)
    return mentorship


def readable(page) -> str:
    """What an answer says, whatever it is."""
    if getattr(page, "streaming", False) or "pdf" in page.get("Content-Type", ""):
        content = b"".join(page) if page.streaming else page.content
        return pdf_text(content) if content.startswith(b"%PDF") else content.decode(errors="replace")
    return html.unescape(page.content.decode(errors="replace"))


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def everything(client, *starts) -> dict[str, str]:
    """Every page that is reached from `starts` by following links, by its address."""
    found, waiting = {}, list(starts)
    while waiting and len(found) < MOST_PAGES:
        address = waiting.pop(0)
        if address in found or ELSEWHERE.match(address):
            continue
        found[address] = readable(client.get(address, follow=True))
        waiting += [link.partition("?")[0] for link in LINK.findall(found[address])]
    return found


def letters_to(person) -> str:
    return "\n".join(f"{each.subject}\n{each.text}\n{each.html}" for each in Message.objects.filter(person=person))


def canaries(texts) -> set[str]:
    return {canary for text in texts for canary in re.findall(r"canary-\w+-\w+", text)}


def heard_by(client, person, *starts) -> set[str]:
    pages = everything(sign_in(client, person), *starts)
    assert len(pages) > 3
    return canaries([*pages.values(), letters_to(person)])


def test_each_side_finds_their_own_confidences_and_none_of_the_others(client, confided, amara, joanne):
    own = {"whom", "met", "note"}
    starts = ("/my/", "/my/mentor/", "/mentor/", f"/mentorship/{confided.pk}/notes/", "/my/privacy/")

    heard = heard_by(client, joanne, *starts)
    assert {f"canary-joanne-{what}" for what in own} == heard

    heard = heard_by(client, amara, *starts)
    assert heard == {f"canary-amara-{what}" for what in own}


def test_others_hear_nothing(client, confided, leo, cohort, helen, ade, otto, priya, miriam):
    for person in (leo.person, helen, ade, otto, priya, miriam):
        pages = everything(sign_in(client, person), "/", "/my/", "/my/mentor/", "/mentor/", "/office/")
        assert canaries([*pages.values(), letters_to(person)]) == set()
        assert not any("Amara" in pages.get(address, "") for address in ("/my/", "/mentor/", "/my/mentor/"))


@pytest.mark.parametrize("who", ["rosalind", "adjoa"])
def test_the_office_reads_whom_to_keep_apart_and_nothing_more(client, confided, request, who):
    run = MatchRun.objects.get()
    starts = (
        "/office/", reverse("admin:mentoring_match", args=[confided.cohort_id]), reverse("admin:mentoring_conflicts"),
        reverse("admin:mentoring_matchrun_change", args=[run.pk]), reverse("admin:mentoring_supply"),
        reverse("admin:mentoring_mentorship_change", args=[confided.pk]),
        reverse("admin:mentoring_mentor_change", args=[confided.mentor_id]),
    )  # fmt: skip

    heard = heard_by(client, request.getfixturevalue(who), *starts)

    assert {each for each in heard if not each.endswith("-met")} == {"canary-amara-whom", "canary-joanne-whom"}


def test_the_trail_an_export_and_a_certificate_keep_every_confidence(confided, amara, joanne, cohort, rosalind):
    trail = [f"{each.sentence} {each.subject} {each.reason} {each.detail}" for each in AuditEvent.objects.all()]
    assert {each for each in canaries(trail) if not each.endswith("-met")} == set()

    for person, other in ((amara, "joanne"), (joanne, "amara")):
        told = canaries([json.dumps(export(person), default=str)])
        assert {f"canary-{person.first_name.lower()}-{what}" for what in ("share", "whom", "reason", "note")} <= told
        assert not {each for each in told if other in each}

    thank_mentors(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    make_document(document=claim_document(now=MATCHING_DAY), now=MATCHING_DAY)
    printed = pdf_text(bytes(Document.objects.get().content))
    assert "Joanne Whitfield" in printed
    assert "Amara" not in printed


def test_points_for_something_shared_never_say_which(client, mentee, mentor, amara, joanne, rosalind, cohort):
    opt_in(place=mentee.place, by=amara, now=MATCHING_DAY, shares=[key for key, _ in SHARES])
    save_offer(mentor=mentor, by=joanne, now=MATCHING_DAY, shares=["carer"])
    matched(mentee.place, mentor, rosalind)
    assert [part["points"] > 0 for part in RunPair.objects.get().parts if part["key"] == "shared"] == [True]

    read = "\n".join([
        *everything(sign_in(client, rosalind), reverse("admin:mentoring_matchrun_changelist")).values(),
        json.dumps(RunPair.objects.get().parts), json.dumps(MatchRun.objects.get().outcome),
        letters_to(amara), letters_to(joanne), *Mentorship.objects.values_list("why_mentee", flat=True),
        *Mentorship.objects.values_list("why_mentor", flat=True),
    ]).lower()  # fmt: skip

    assert [label for key, label in SHARES if label.lower() in read or f'"{key}"' in read] == []
    assert "chose to share" not in letters_to(amara) + letters_to(joanne)


# Nothing changes for the other side when somebody says something in confidence


def seen_by(client, person, mentorship) -> dict[str, str]:
    """All that somebody can see of it; the marks of each answer rubbed out."""
    pages = everything(sign_in(client, person), "/my/", "/my/mentor/", "/mentor/", "/my/people/")
    pages["letters"] = letters_to(person)
    return {address: re.sub(r'value="\w{64}"|nonce="[^"]*"', "", text) for address, text in pages.items()}


SECRETS = {
    "a note": lambda m, who, side: write_note(mentorship=m, words="Mine", by=who, now=MATCHING_DAY),
    "a conflict": lambda m, who, side: declare_conflict(by=who, now=MATCHING_DAY, whom="Somebody", reason="So"),
    "how it goes": lambda m, who, side: answer_review(
        mentorship=m, kind="middle", going="not", wants_to_talk=True, by=who, now=MATCHING_DAY
    ),
    "that it was not useful": lambda m, who, side: record_meeting(
        mentorship=m, on=TODAY, mode="video", by=who, now=MATCHING_DAY, useful=False
    ),
}


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_the_other_side_sees_the_same_before_and_after(client, mentorship, amara, joanne, secret, side):
    who, other = (amara, joanne) if side == "mentee" else (joanne, amara)
    record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=other, now=MATCHING_DAY)
    before = seen_by(client, other, mentorship)

    SECRETS[secret](mentorship, who, side)

    assert seen_by(client, other, mentorship) == before


@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_the_other_side_does_not_see_a_wish_to_talk_about_the_match(client, mentorship, amara, joanne, side):
    who, other = (amara, joanne) if side == "mentee" else (joanne, amara)
    before = seen_by(client, other, mentorship)

    ask_to_talk(mentorship=mentorship, by=who, now=MATCHING_DAY)

    assert seen_by(client, other, mentorship) == before


def test_a_mentor_does_not_learn_whom_a_mentee_would_choose_or_what_matters_most(
    client, mentorship, leo, amara, joanne
):
    before = seen_by(client, joanne, mentorship)
    opt_in(place=mentorship.place, by=amara, now=MATCHING_DAY, wants={"step-director": 4}, shares=["faith"])
    state_preferences(place=mentorship.place, mentors=[leo], by=amara, now=MATCHING_DAY)

    assert seen_by(client, joanne, mentorship) == before


def test_what_a_mentee_keeps_of_their_learning_reaches_no_mentor_and_what_they_share_reaches_that_one(
    client, mentorship, leo, amara, amara_place, joanne, helen, otto, rosalind, adjoa
):
    before = seen_by(client, joanne, mentorship)
    words = {name: f"canary-goal-{name}" for name in ("title", "why", "steps", "support", "evidence")}
    goal = add_goal(place=amara_place, by=amara, now=MATCHING_DAY, **words)
    review_goal(
        goal=goal, going="stuck", notes="canary-goal-notes", seen=goal.review_mark, by=amara, now=MATCHING_DAY
    )  # fmt: skip
    answered(WaveFactory(cohort=amara_place.cohort), amara_place)
    assert seen_by(client, joanne, mentorship) == before

    share_plan(plan=goal.plan, with_whom="mentor", reader=joanne, by=amara, now=MATCHING_DAY)
    starts = ("/my/", "/mentor/", f"/mentor/{mentorship.pk}/", "/office/")
    assert heard_by(client, joanne, *starts) == {*words.values(), "canary-goal-notes"}
    for person in (leo.person, helen, otto, rosalind, adjoa):
        pages = everything(sign_in(client, person), *starts)
        assert canaries([*pages.values(), letters_to(person)]) == set()


def test_why_two_were_matched_is_told_in_an_order_that_says_nothing(mentee, mentor, rosalind):
    """Amara wants housing twice as much as the step to director; by name, housing comes first either way."""
    first = matched(mentee.place, mentor, rosalind)
    Mentorship.objects.all().delete()
    MatchRun.objects.update(state="superseded", confirmed_at=None, confirmed_by="")
    type(mentor).objects.update(active=0)
    mentee.wants = {"service-housing": 1, "step-director": 4}
    mentee.save()
    again = matched(mentee.place, mentor, rosalind, MATCHING_DAY + timedelta(hours=1))

    assert (first.why_mentor, first.why_mentee) == (again.why_mentor, again.why_mentee)


def test_which_three_reasons_of_more_are_told_says_nothing_of_their_weight(mentee, mentor, rosalind):
    """Joanne knows all four; whichever Amara wants most, the same three are named."""
    keys = ("service-housing", "step-director", "theme-politics", "theme-system")
    mentor.offers = dict.fromkeys(keys, 4)
    known, told = labels(), set()
    for most in keys:
        weights = Weights(tuple(Criterion(key, 1) for key in keys))
        wants = Mentee("a", wants={**dict.fromkeys(keys, 1), most: 4})
        found = [asdict(part) for part in parts(weights, wants, MentorRow("b", offers=mentor.offers))]
        told.add(why(found, known, mentee="Amara", mentor="Joanne"))

    things = "housing, leading where nobody is in charge and the step to director"
    assert [mentee_reads for mentee_reads, _ in told] == [
        f"You look for somebody who knows about {things}. Joanne does."
    ]


@pytest.mark.parametrize("who", ["amara", "joanne"])
def test_a_letter_after_a_decline_is_the_same_whoever_declined_and_nobody_reads_who(
    client, mentorship, rosalind, request, who
):
    decline_mentorship(mentorship=mentorship, by=request.getfixturevalue(who), now=MATCHING_DAY)

    told = Message.objects.get(kind="mentoring.not_going_ahead")
    assert "it says nothing about you" in " ".join(told.text.split())
    read = everything(sign_in(client, rosalind), reverse("admin:mentoring_mentorship_change", args=[mentorship.pk]))
    about = [text for address, text in read.items() if "mentoring/mentorship" in address]
    assert about
    assert not [text for text in about if re.search(r"(?i)declined by|who declined", text)]
