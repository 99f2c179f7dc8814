"""After the match: declined once and once more, silence that is noticed, an ending and a new beginning, and thanks."""

from datetime import UTC, datetime, timedelta

import pytest

from leaders.documents.actions import claim_document, make_document
from leaders.outbox.models import Message
from leaders.reminders.actions import materialise, tick
from mentoring.actions import record_meeting
from mentoring.models import MatchRun, Mentorship, ServiceRecord
from tests.journeys.hands import Finger
from tests.mentoring.factories import MATCHING_DAY, MenteeFactory, MentorFactory, criteria, matched
from tests.mentoring.screens import look
from tests.people.factories import AuthorityFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pair(amara_place, joanne, rosalind, time_machine):
    """Amara and Joanne, told of each other on matching day."""
    time_machine.move_to(MATCHING_DAY)
    criteria()
    joanne.organisation, joanne.role_title = AuthorityFactory(name="Hackney", slug="hackney"), "Director of Housing"
    joanne.save()
    mentor = MentorFactory(person=joanne, offers={"service-housing": 4, "step-director": 3})
    MenteeFactory(place=amara_place, wants={"service-housing": 4, "step-director": 2})
    return matched(amara_place, mentor, rosalind)


@pytest.fixture
def leo(pair):
    """Another mentor, free."""
    return MentorFactory(
        person__name="Leo Marsh", person__email="leo.marsh@example.org", person__role_title="Director of Place",
        offers={"service-housing": 3},
    )  # fmt: skip


class Person(Finger):
    """Somebody at their own page."""

    def reads(self, words):
        return self.page.get_by_text(words).first.is_visible()

    def opens(self, address):
        self.page.goto(address)
        return self


@pytest.fixture
def sign_in(browse, amara, joanne, rosalind):
    """Open a browser for one of the three, on the day that it is: nobody stays signed in for weeks."""
    who = {"amara": (amara, 390), "joanne": (joanne, 1280), "office": (rosalind, 1280)}
    return lambda name: Person(browse(who[name][0], width=who[name][1]))


def in_one_line(letter):
    return " ".join(letter.body.split())


def confirm_new_match(office):
    office.opens("/office/").follow("A matching of Cohort 7 is proposed")
    office.follow("Confirm the matching")
    office.press("Confirm and tell them")


def test_a_mentee_declines_once_without_a_reason_and_a_second_time_is_talked_to(pair, leo, sign_in, letters):
    as_amara, as_joanne, office = sign_in("amara"), sign_in("joanne"), sign_in("office")
    as_amara.opens("/my/mentor/").follow("Decline this match")
    assert as_amara.reads("No reason is asked for, and none is kept.")
    look(as_amara.page, "decline-1-asked")
    as_amara.press("Decline")
    assert as_amara.reads("We look for somebody who fits you")
    look(as_amara.page, "decline-2-done")
    told = letters.to("joanne.whitfield@example.org")
    assert "it says nothing about you" in told.body
    assert as_joanne.opens("/mentor/").reads("You mentor nobody at the moment")
    look(as_joanne.page, "decline-3-mentor")

    # The same engine has offered the place again; a human confirms.
    assert [each.mentor for each in MatchRun.objects.get(state="proposed").pairs.all()] == [leo]
    confirm_new_match(office)
    assert (
        "if this is not right for you either" in letters.to("amara.mensah@example.org").body.replace("\n", " ").lower()
    )

    # A second time nothing is refused and nothing happens behind anybody's back: they talk.
    as_amara.opens("/my/mentor/").follow("Say that it is not right")
    assert as_amara.reads("Rosalind Tate gets in touch with you.")
    look(as_amara.page, "decline-4-again")
    as_amara.press("Have Rosalind get in touch")
    assert as_amara.reads("You asked Rosalind Tate to get in touch.")
    look(as_amara.page, "decline-5-asked-to-talk")
    assert "Write to your mentor" not in as_amara.opens("/my/").page.content()

    office.opens("/office/")
    assert office.reads("Amara Mensah would like to talk about mentoring")
    look(office.page, "decline-6-today")
    office.follow("We have talked")
    look(office.page, "decline-7-talked")
    office.press("We have talked")
    office.opens("/office/mentoring/mentorship/?state__exact=proposed").follow("End and match again")
    office.write("Reason", "We talked: somebody outside housing")
    look(office.page, "decline-8-end")
    office.press("End it")
    assert "does not go ahead" in letters.to("leo.marsh@example.org").subject
    assert not Mentorship.objects.live().exists()


def days_go_by(time_machine, until):
    """Every morning at half past nine, as beat does it, up to `until`."""
    now = datetime.now(UTC)
    while now < until:
        now = min(now + timedelta(days=1), until)
        time_machine.move_to(now)
        materialise(now)
        tick(now)


def lines_about(words):
    return sorted(message.to_email for message in Message.objects.filter(text__icontains=words))


def test_silence_is_noticed_by_the_two_then_by_the_office_until_they_meet(pair, sign_in, amara, time_machine):
    first = MATCHING_DAY + timedelta(days=7)
    time_machine.move_to(first)
    record_meeting(mentorship=pair, on=first.date(), mode="video", by=amara, now=first)

    days_go_by(time_machine, first + timedelta(days=29))
    assert lines_about("have not met since") == []
    days_go_by(time_machine, first + timedelta(days=45))
    assert lines_about("have not met since") == ["amara.mensah@example.org", "joanne.whitfield@example.org"]
    assert not sign_in("office").opens("/office/").reads("pair has not met")

    days_go_by(time_machine, first + timedelta(days=60))
    office = sign_in("office").opens("/office/")
    assert office.reads("1 pair has not met for 60 days")
    look(office.page, "silence-1-today")
    office.follow("1 pair has not met for 60 days")
    assert office.page.get_by_role("row").filter(has_text="Amara Mensah").is_visible()
    look(office.page, "silence-2-list")

    # Joanne records that they met: it stops for everybody.
    as_joanne = sign_in("joanne")
    as_joanne.opens("/mentor/").follow("Record meeting")
    look(as_joanne.page, "silence-3-record")
    as_joanne.choose("By phone")
    as_joanne.press("Record meeting")
    assert as_joanne.reads("Recorded. Thank you.")
    look(as_joanne.page, "silence-4-recorded")
    office.opens("/office/")
    assert not office.reads("pair has not met")
    look(sign_in("amara").opens("/my/mentor/").page, "silence-5-mentee")
    days_go_by(time_machine, first + timedelta(days=85))
    assert len(lines_about("have not met since")) == 2


def test_an_ending_at_nobodys_fault_a_new_match_and_thanks(pair, leo, sign_in, amara, letters, time_machine):
    for days in (7, 40):
        met = MATCHING_DAY + timedelta(days=days)
        time_machine.move_to(met)
        record_meeting(mentorship=pair, on=met.date(), mode="video", by=amara, now=met)

    as_amara, office = sign_in("amara"), sign_in("office")
    as_amara.opens("/my/mentor/").follow("End the mentorship")
    assert as_amara.reads("at nobody’s fault")
    look(as_amara.page, "ending-1-asked")
    as_amara.choose("Yes, please look for somebody else")
    as_amara.press("End the mentorship")
    assert as_amara.reads("The mentorship with Joanne has ended.")
    look(as_amara.page, "ending-2-done")
    assert "at nobody’s fault" in in_one_line(letters.to("joanne.whitfield@example.org"))

    # Joanne fits best and is free, but the two are never proposed again.
    run = MatchRun.objects.get(state="proposed")
    assert [each.mentor for each in run.pairs.all()] == [leo]
    office.opens(run.get_absolute_url()).follow("Amara Mensah")
    assert office.reads("Never paired before")
    assert not office.page.get_by_role("button", name="Choose Joanne Whitfield").is_visible()
    look(office.page, "ending-3-new-pair")
    confirm_new_match(office)
    again = Mentorship.objects.live().get()
    now = met + timedelta(days=3)
    time_machine.move_to(now)
    record_meeting(mentorship=again, on=now.date(), mode="in_person", by=amara, now=now)
    look(as_amara.opens("/my/mentor/").page, "ending-4-new-mentor")

    # The year is over: both mentors are thanked, for what each gave.
    time_machine.move_to(datetime(2027, 7, 20, 9, 30, tzinfo=UTC))
    office = sign_in("office")
    office.opens("/office/").follow("The mentors of Cohort 7 are not thanked yet")
    look(office.page, "ending-5-thank")
    office.press("Thank them")
    assert set(ServiceRecord.objects.values_list("name", "mentees", "meetings")) == {
        ("Joanne Whitfield", 1, 2),
        ("Leo Marsh", 1, 1),
    }
    while document := claim_document(now=datetime.now(UTC)):
        make_document(document=document, now=datetime.now(UTC))
    assert "and met them twice" in in_one_line(letters.to("joanne.whitfield@example.org"))
    as_joanne = sign_in("joanne")
    as_joanne.opens("/mentor/").follow("certificate of service")
    look(as_joanne.page, "ending-6-certificate")
