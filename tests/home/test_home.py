import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from leaders.home import gather, registry
from leaders.home.calendar import calendar_link, calendar_of, renew_calendar_link
from leaders.home.registry import Card, Entry, Todo
from leaders.outbox.actions import post, suppress
from leaders.outbox.models import Message
from leaders.people.audit import AuditEvent
from leaders.people.joining import Joint
from leaders.reminders.models import NoDigest
from tests.browsers import assert_accessible
from tests.journeys.hands import Finger

NOW = datetime(2027, 3, 4, 10, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def empty_house(monkeypatch):
    """The frame alone: no app brings anything but what the test brings."""
    reverse("my_home")  # imports every page before anything is exchanged, which they would keep
    for name in ("sections", "todos", "agendas", "pages", "cards", "leads"):
        joint = Joint("sections", "In a test")
        Joint.all.remove(joint)
        monkeypatch.setattr(registry, name, joint)
        monkeypatch.setattr(gather, name, joint)


def todo(title, due=None, **more):
    return Todo(title=title, why="Because", url="/x/", due=due, **more)


def test_the_earliest_due_comes_next_and_undated_things_last(empty_house, otto):
    registry.todos.part(order=1)(lambda person, now: [todo("Undated"), todo("Later", date(2027, 4, 1))])
    registry.todos.part(order=2, key="other")(lambda person, now: [todo("First", date(2027, 3, 8))])
    found = gather.home(otto, NOW)
    assert (found.next.title, [item.title for item in found.later]) == ("First", ["Later", "Undated"])


def test_done_things_are_counted_apart(empty_house, otto):
    registry.todos.part(order=1)(lambda person, now: [todo("Done", done=True), todo("Open")])
    found = gather.home(otto, NOW)
    assert (found.next.title, [item.title for item in found.done]) == ("Open", ["Done"])


def test_a_section_with_nothing_to_say_is_absent(empty_house, otto):
    registry.sections.part(order=20)(lambda person, now: None)
    registry.cards.part(order=41)(lambda person, now: None)
    assert gather.home(otto, NOW).is_empty


def test_a_card_shows_the_people_around_a_participant(empty_house, otto):
    registry.cards.part(order=41)(lambda person, now: Card("Mentor", ["Joanne Whitfield"], "Joanne Whitfield"))
    assert [card.title for card in gather.home(otto, NOW).people] == ["Joanne Whitfield"]


def entry(uid, day):
    return Entry(uid, f"Day {day}", datetime(2027, 3, day, 9, tzinfo=UTC), datetime(2027, 3, day, 17, tzinfo=UTC))


def test_dates_come_in_order_and_only_those_to_come_are_on_the_home(empty_house, otto):
    registry.agendas.part(order=1)(lambda person, now: [entry("c", 18), entry("a", 1)])
    registry.agendas.part(order=2, key="other")(lambda person, now: [entry("b", 5)])
    assert [found.uid for found in gather.dates(otto, NOW)] == ["a", "b", "c"]
    assert [found.uid for found in gather.home(otto, NOW).dates] == ["b", "c"]


def test_dates_stand_beside_what_is_asked_and_alone_when_nothing_is(empty_house, client, otto):
    registry.agendas.part(order=1)(lambda person, now: [replace(entry("b", 5), ends=datetime(2099, 1, 1, tzinfo=UTC))])
    asked = [todo("First", date(2027, 3, 8)), todo("Done", done=True)]
    registry.todos.part(order=1)(lambda person, now: asked)
    client.force_login(otto)
    assert '<section class="cols">' not in client.get(reverse("my_home")).text

    asked.append(todo("Later"))
    assert '<section class="cols">' in client.get(reverse("my_home")).text


def test_a_date_of_another_year_says_which():
    days = [datetime(year, 5, 5, 9, tzinfo=UTC) for year in (2026, 2027, 2028)]
    entries = [Entry(str(day.year), "A day", day, day) for day in days]

    drawn = render_to_string("home/agenda.html", {"entries": entries, "now": NOW})

    assert re.findall(r"<small>([^<]*?) ?</small>", drawn) == ["Tue 2026", "Wed", "Fri 2028"]


@pytest.mark.parametrize(
    ("hour", "words"), [(7, "Good morning"), (11, "Good afternoon"), (12, "Good afternoon"), (17, "Good evening")]
)
def test_the_greeting_follows_londons_clock_in_summer_too(hour, words):
    assert gather.greeting(datetime(2027, 7, 1, hour, tzinfo=UTC)) == words


def test_the_calendar_feed_holds_the_persons_dates(empty_house, otto):
    day = replace(
        entry("module-4-day-1@example.org", 18), sequence=2, summary="A name of its own", url="/my/modules/4/"
    )
    registry.agendas.part(order=1)(lambda person, now: [day])
    feed = calendar_of(otto, NOW).decode()
    assert "METHOD:PUBLISH" in feed
    assert "SEQUENCE:2" in feed
    assert "STATUS:CONFIRMED" in feed
    assert "UID:module-4-day-1@example.org" in feed
    assert "DTSTART:20270318T090000Z" in feed
    assert "SUMMARY:A name of its own" in feed
    assert "URL:http://localhost:8000/my/modules/4/" in feed


def test_a_new_calendar_address_stops_the_old_one(client, otto):
    old = renew_calendar_link(person=otto, now=NOW)
    new = renew_calendar_link(person=otto, now=NOW)
    assert AuditEvent.objects.filter(action="home.calendar.renewed", person_id=otto.pk).count() == 2
    assert client.get(old).status_code == 404
    assert client.get(new)["Content-Type"] == "text/calendar; charset=utf-8"


def test_the_calendar_address_is_made_once_and_stays_until_it_is_replaced(client, otto):
    client.force_login(otto)
    page = reverse("my_calendar_link")
    assert "Make my calendar address" in client.get(page).text
    assert "Make my calendar address" in client.get(reverse("my_dates")).text

    assert client.post(page).url == page
    shown = client.get(page).text
    feed = reverse("calendar_feed", args=[calendar_link(otto, timezone.now()).token])
    assert (f">http://testserver{feed}</textarea>" in shown, f'"webcal://testserver{feed}"' in shown) == (True, True)
    dates = client.get(reverse("my_dates")).text
    assert ("You made one on" in dates, "Make my calendar address" in dates) == (True, False)

    client.post(page)  # the page of Dates in another window, which had none yet
    assert (client.get(feed).status_code, feed in client.get(page).text) == (200, True)

    client.post(page, {"anew": "yes"})
    assert (client.get(feed).status_code, feed in client.get(page).text) == (404, False)


def test_somebody_without_a_place_is_told_kindly(client, otto):
    client.force_login(otto)
    assert "There is nothing here for you yet" in client.get(reverse("my_home")).content.decode()


@pytest.mark.parametrize("name", ["my_home", "my_done", "my_dates", "my_messages", "my_privacy"])
def test_a_visitor_is_asked_to_sign_in(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["help", "accessibility", "privacy", "cookies", "account_request_login_code"])
def test_anybody_reads_the_public_pages(client, name):
    assert client.get(reverse(name)).status_code == 200


def test_a_person_chooses_the_day_of_their_weekly_email(client, otto):
    client.force_login(otto)
    client.post(reverse("my_messages"), {"digest_day": "0"})
    otto.refresh_from_db()
    assert otto.digest_day == 0


def test_a_person_may_stop_the_weekly_email_and_have_it_again(client, otto):
    client.force_login(otto)
    client.post(reverse("my_messages"), {"digest_day": "-1"})
    assert NoDigest.objects.filter(person=otto).exists()
    client.post(reverse("my_messages"), {"digest_day": "1"})
    otto.refresh_from_db()
    assert (NoDigest.objects.filter(person=otto).exists(), otto.digest_day) == (False, 1)


def test_a_weekend_is_no_day_for_the_weekly_email(client, otto):
    client.force_login(otto)
    page = client.post(reverse("my_messages"), {"digest_day": "6"})
    otto.refresh_from_db()
    assert (page.status_code, otto.digest_day) == (200, 3)


def test_a_person_downloads_what_is_held_about_them(client, otto):
    client.force_login(otto)
    held = client.post(reverse("my_data")).json()
    assert held["Your name, contact details, role and organisation"][0]["name"] == "Otto Outsider"


def test_a_privacy_request_says_when_it_is_answered(client, otto):
    client.force_login(otto)
    page = client.post(reverse("my_privacy_request", args=["correction"]), {"words": "My title is wrong"}, follow=True)
    assert "You will hear by" in page.content.decode()
    assert otto.privacy_requests.get().words == "My title is wrong"


def test_an_empty_privacy_request_says_what_to_do(client, otto):
    client.force_login(otto)
    page = client.post(reverse("my_privacy_request", args=["complaint"]), {"words": "  "})
    assert "Error: " in page.content.decode()
    assert otto.privacy_requests.count() == 0


def test_a_message_is_read_again_by_its_reader_and_by_nobody_else(client, amara, otto):
    mine = post(
        "outbox.account_notice", to=amara, now=NOW, dedupe_key="a", subject="About you", paragraphs=["Read me."]
    )
    code = post("outbox.sign_in_code", to=amara, now=NOW, dedupe_key="b", secret=True, code="BCDF-GHJK")
    Message.objects.update(state="sent", sent_at=NOW)
    pages = [reverse("my_message", args=[message.pk]) for message in (mine, code)]

    client.force_login(amara)
    assert "Read me." in client.get(pages[0]).text
    assert pages[0] in client.get(reverse("my_messages")).text
    assert client.get(pages[1]).status_code == 404
    client.force_login(otto)
    assert client.get(pages[0]).status_code == 404


def test_a_page_below_the_home_is_not_the_home(otto):
    items = [item["label"] for item in gather.navigation(otto, NOW, "/my/narrative/") if item["current"]]
    assert items == []
    assert [item["label"] for item in gather.navigation(otto, NOW, "/my/") if item["current"]] == ["Home"]


def test_a_number_that_no_row_can_have_is_no_page(client, otto):
    client.force_login(otto)
    assert client.get(f"/my/questionnaires/{'9' * 30}/results/").status_code == 404


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_the_calendar_address_is_copied_whole_by_a_button(browse, amara, amara_place):
    page = browse(amara, width=390)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(reverse("my_dates"))
    Finger(page).press("Make my calendar address")
    assert_accessible(page)

    page.get_by_role("button", name="Copy the address").click()

    page.get_by_text("Copied").wait_for()
    address = page.evaluate("navigator.clipboard.readText()")
    assert address == page.get_by_label("Private address").input_value()
    assert address.endswith(reverse("calendar_feed", args=[calendar_link(amara, timezone.now()).token]))


def test_the_day_of_the_weekly_email_comes_before_what_was_sent(client, amara):
    client.force_login(amara)
    text = client.get(reverse("my_messages")).text
    assert text.index("Which day should your weekly email come?") < text.index("What we sent you")


def test_messages_are_read_page_by_page(client, amara):
    for number in range(25):
        post(
            "outbox.account_notice", to=amara, now=NOW, dedupe_key=str(number), subject=f"Letter {number:02}",
            paragraphs=["Read me."],
        )  # fmt: skip
    Message.objects.update(state="sent", sent_at=NOW)
    client.force_login(amara)
    first = client.get(reverse("my_messages"))
    older = client.get(reverse("my_messages") + first.context["older_url"].partition("#")[0])
    subjects = [message.subject for page in (first, older) for message in page.context["sent"]]
    assert subjects == [f"Letter {number:02}" for number in reversed(range(25))]
    assert (len(first.context["sent"]), older.context["older_url"]) == (20, "")
    assert client.get(reverse("my_messages"), {"before": "x"}).context["sent"] == first.context["sent"]


def test_what_came_with_a_message_is_opened_from_it_by_its_reader_alone(client, amara, otto):
    message = post(
        "outbox.account_notice", to=amara, now=NOW, dedupe_key="a", subject="Module 1",
        paragraphs=["Open the attached invite."], files=[("invite.ics", "text/calendar", b"BEGIN:VCALENDAR")],
    )  # fmt: skip
    Message.objects.update(state="sent", sent_at=NOW)
    page = reverse("my_message_file", args=[message.attachments.get().pk])
    client.force_login(amara)
    assert page in client.get(reverse("my_message", args=[message.pk])).text
    answer = client.get(page)
    assert (answer.content, answer.headers["Content-Type"]) == (b"BEGIN:VCALENDAR", "text/calendar")
    client.force_login(otto)
    assert client.get(page).status_code == 404


def test_an_address_in_a_message_is_a_link(client, amara):
    message = post("outbox.account_notice", to=amara, now=NOW, dedupe_key="a", subject="S", paragraphs=["P"])
    Message.objects.update(state="sent", sent_at=NOW, text="See: https://example.org/my/")
    client.force_login(amara)
    assert '<a href="https://example.org/my/"' in client.get(reverse("my_message", args=[message.pk])).text


def test_somebody_whom_nothing_reaches_is_told_and_led_to_what_helps(client, amara, rosalind):
    client.force_login(amara)
    assert "nothing we send reaches you" not in client.get(reverse("my_messages")).text
    suppress(amara.email, reason="It bounced", by=rosalind, now=NOW)
    told = client.get(reverse("my_messages")).text
    assert f"nothing we send reaches you at {amara.email}</b>, sign-in codes included" in told
    assert reverse("my_privacy_request", args=["correction"]) in told
