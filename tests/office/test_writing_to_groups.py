"""Writing to a group in the office: the form, the look, the sending, and nothing typed that is lost."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from leaders.outbox.actions import suppress
from leaders.outbox.models import GroupLetter, Message
from tests.browsers import sign_in
from tests.cohorts.factories import NOW, CohortFactory, PlaceFactory

pytestmark = pytest.mark.django_db

URL = reverse("admin:outbox_message_write")
NIGHT = datetime(2027, 3, 5, 21, 15, tzinfo=UTC)  # a Friday


@pytest.fixture(autouse=True)
def _in_march(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def office(client, rosalind):
    return sign_in(client, rosalind)


@pytest.fixture
def bola(cohort, amara_place):
    return PlaceFactory(cohort=cohort, person__name="Bola Adeyinka", person__email="bola@example.org")


def written(office, cohort, **other):
    """The form as it is filled in for the participants of a cohort."""
    return {
        "form_uuid": str(office.get(URL).context["form"]["form_uuid"].value()),
        "group": f"cohorts.participants:{cohort.pk}",
        "subject": "Thursday starts at 11",
        "words": "There is a train strike.\n\nThe rest of the day stays as it is.",
        "label": "",
        "url": "",
        **other,
    }


def look(office, given):
    return office.post(URL, {**given, "look": "yes"})


def send(office, page, given, **other):
    """Press the button of the page that was looked at."""
    kept = {"form_uuid": str(page.context["fields"]["form_uuid"]), "named": page.context["named"]}
    return office.post(URL, {**given, **kept, "when": "now", "send": "yes", **other}, follow=True)


def test_the_director_looks_at_the_message_and_its_readers_and_sends_it(office, cohort, amara, bola):
    suppress("bola@example.org", reason="It bounced", by=None, now=NOW)
    given = written(office, cohort, label="See your dates", url="/my/dates/")
    page = look(office, given)
    text = page.content.decode()
    assert "1 person gets it" in text
    assert "Nothing is sent to this address (1): Bola Adeyinka" in text
    assert "There is a train strike." in text
    assert "replies go to rosalind.tate@example.org" in text
    assert "It goes out within a minute" in text
    assert not Message.objects.exists()

    answer = send(office, page, given)
    assert "goes out to 1 person within a minute." in answer.content.decode()
    assert answer.redirect_chain[-1][0].endswith(f"?letter={GroupLetter.objects.get().pk}")
    assert [row.person for row in answer.context["cl"].result_list] == [amara]
    message = Message.objects.get()
    assert (message.person, message.due_at) == (amara, NOW)
    assert "/my/dates/" in message.text
    shown = office.get(reverse("admin:outbox_message_change", args=[message.pk])).content.decode()
    assert f"Participants, {cohort.short_name}, 1 person" in shown


def test_the_very_message_opens_as_it_looks(office, cohort, amara):
    page = office.post(URL, {**written(office, cohort), "letter": "yes"}).content.decode()
    assert "Dear Amara" in page
    assert "style=" not in page
    assert not Message.objects.exists()


def test_going_back_keeps_every_word(office, cohort, amara):
    given = written(office, cohort, label="See", url="/my/dates/")
    page = look(office, given)
    fields = {**page.context["fields"], "back": "yes"}
    form = office.post(URL, fields).context["form"]
    assert {name: form[name].value() for name in given} == {**given, "form_uuid": str(fields["form_uuid"])}
    assert not form.errors


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"words": "See https://example.org/"}, "words", "Links stand in the button"),
        ({"subject": "www.example.org"}, "subject", "Links stand in the button"),
        ({"subject": ""}, "subject", "required"),
        ({"group": "cohorts.participants:0"}, "group", "Select a valid choice"),
        ({"words": "a " * 1001}, "words", "Use 1000 words or fewer; there are 1001"),
        ({"url": "http://example.org/", "label": "See"}, "url", "begins with https://"),
        ({"label": "See"}, "url", "A button needs both"),
        ({"subject": "\u200b"}, "__all__", "that can be seen"),
    ],
)
def test_what_cannot_be_sent_is_said_at_its_field_and_every_word_stays(office, cohort, amara, wrong, field, said):
    page = look(office, written(office, cohort, **wrong))
    form = page.context["form"]
    assert said in str(form.errors[field])
    assert form["words"].value() == wrong.get("words", written(office, cohort)["words"])
    assert not Message.objects.exists()


def test_a_group_of_nobody_is_refused_with_a_sentence(office, cohort):
    assert "there is nobody among “Participants" in look(office, written(office, cohort)).content.decode()


def test_a_double_click_sends_once_and_gives_the_same_receipt(office, cohort, amara):
    given = written(office, cohort)
    page = look(office, given)
    first, second = (send(office, page, given) for _ in range(2))
    assert first.redirect_chain == second.redirect_chain
    assert Message.objects.count() == 1


def test_whoever_goes_back_after_sending_and_writes_something_else_sends_another_message(office, cohort, amara):
    given = written(office, cohort)
    seen = look(office, given)
    send(office, seen, given)
    other = {**given, "subject": "Friday starts at 11"}
    refused = send(office, seen, other)  # from a tab that was looked at before
    assert "This page sent another message" in refused.content.decode()
    again = look(office, other)
    assert "From this page a message went to 1 of Participants" in again.content.decode()
    send(office, again, other)
    assert set(Message.objects.values_list("subject", flat=True)) == {"Thursday starts at 11", "Friday starts at 11"}


def test_who_joined_since_the_look_gets_nothing_and_a_refusal_shows_who_would_get_it_now(office, cohort, amara_place):
    given = written(office, cohort)
    page = look(office, given)
    amara_place.cohort.places.update(status="withdrawn", left_at=NOW)
    PlaceFactory(cohort=cohort, person__name="Cem Arslan")
    text = send(office, page, given).content.decode()
    assert "Nobody would get it, so nothing was sent." in text
    assert "Cem Arslan" in text
    assert "There is a train strike." in text
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("when", "due_at"),
    [("opening", datetime(2027, 3, 8, 9, tzinfo=UTC)), ("now", NIGHT)],
    ids=["in the morning", "now"],
)
def test_at_night_the_office_chooses_between_now_and_the_next_working_day(
    office, cohort, amara, time_machine, when, due_at
):
    time_machine.move_to(NIGHT, tick=False)
    given = written(office, cohort)
    page = look(office, given)
    assert "Let it go out on Monday 8 March at 9am" in page.content.decode()
    said = send(office, page, given, when=when).content.decode()
    assert Message.objects.get().due_at == due_at
    assert ("goes out to 1 person on Monday 8 March 2027, 9am." in said) == (when == "opening")


def test_a_cohorts_page_leads_to_its_own_groups(office, cohort, amara):
    CohortFactory(programme=cohort.programme, number=9, contact=cohort.contact)
    page = office.get(reverse("admin:cohorts_cohort_change", args=[cohort.pk])).content.decode()
    assert f"{URL}?cohort={cohort.pk}" in page
    form = office.get(URL, {"cohort": cohort.pk}).context["form"]
    assert {group.cohort_id for group in form.offered.values()} == {cohort.pk}
    assert len(office.get(URL, {"cohort": "x"}).context["form"].offered) > len(form.offered)


def test_what_was_written_when_the_session_had_ended_comes_back(office, cohort, amara):
    given = written(office, cohort)
    page = Client().post(URL, {**given, "look": "yes"})
    assert page.status_code == 403
    assert dict(page.context["kept"].written)["Words"] == given["words"]
    assert "no-store" in page["Cache-Control"]
    assert page.context["sign_in_url"] == reverse("admin:index")
    assert look(office, dict(page.context["kept"].fields)).context["message"].subject == given["subject"]


def test_a_large_group_comes_back_as_well_when_the_session_has_ended(office, cohort, amara):
    given = {**written(office, cohort), "named": ",".join(map(str, range(1000))), "send": "yes"}
    assert Client().post(URL, given).context["kept"].fields


def test_nobody_but_the_office_writes(client, cohort, amara, priya):
    for person in (amara, priya):
        sign_in(client, person)
        client.post(URL, {"send": "yes", "group": f"cohorts.participants:{cohort.pk}"})
    assert not Message.objects.exists()


def test_its_words_are_written_each_time_so_there_are_none_to_change(office):
    kinds = office.get(reverse("admin:outbox_message_kinds") + "?q=writes to a group").content.decode()
    assert "Written each time" in kinds
    assert office.get(reverse("admin:outbox_message_kind", args=["outbox.group_letter"])).status_code == 200
    assert office.get(reverse("admin:outbox_message_kind_words", args=["outbox.group_letter"])).status_code == 404
