"""A participant with five things due at once: one email, most urgent first; what she does leaves the next one."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from cohorts.actions import extend_date, propose_quote
from cohorts.models import Quote
from leaders.people.models import AuditEvent
from modules.actions import record_attendance, set_catch_up
from modules.models import Feedback
from tests.browsers import assert_accessible
from tests.journeys.days import days, post_of
from tests.journeys.hands import Finger
from tests.modules.factories import ModuleFactory, ReadingTaskFactory, SessionFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

MONDAY, THURSDAY, NEXT_THURSDAY = date(2027, 3, 1), date(2027, 3, 4), date(2027, 3, 11)
IN_FEBRUARY = datetime(2027, 2, 25, 10, tzinfo=UTC)
FIVE = [
    "Write your learning contract",
    "Prepare for module 4, Leading in Communities",
    "Catch up on Module 3, day 2",
    "Tell us how module 3 went",
    "May we quote you?",
]


@pytest.fixture
def five_things(amara_place, cohort, rosalind):
    """Amara has longer for her contract, was asked for a sentence, and module 4 is two weeks away."""
    extend_date(
        place=amara_place, what="onboarding_due", until=date(2027, 3, 10), reason="Ill", by=rosalind, now=IN_FEBRUARY
    )  # fmt: skip
    propose_quote(place=amara_place, words="It changed whom I ring.", by=rosalind, now=IN_FEBRUARY)
    ReadingTaskFactory(module=SessionFactory(module__cohort=cohort, module__number=4).module)
    module_3 = ModuleFactory(cohort=cohort, number=3, title="Addressing Inequality")
    first = datetime(2027, 3, 2, 9, 30, tzinfo=UTC)
    return [SessionFactory(module=module_3, title=f"Day {n + 1}", starts=first + timedelta(days=n)) for n in range(2)]


def missed(sessions, place, by, now):
    """She was there on the first day of module 3 and not on the second: on Wednesday evening she is set a task."""
    record_attendance(session=sessions[0], place=place, status="present", by=by, now=now)
    absent = record_attendance(session=sessions[1], place=place, status="absent", by=by, now=now)
    set_catch_up(attendance=absent, task="Watch the talk", minutes=30, due_on=date(2027, 3, 16), by=by, now=now)


def headings(mail) -> list[str]:
    """The things in a digest, in its own order."""
    page = mail.get_body(("html",)).get_content()
    found = re.findall(r"<h[12][^>]*>(.*?)</h[12]>", page)
    return [heading for heading in found if heading != "Coming up"]


def test_five_things_come_in_one_email_and_what_is_done_leaves_the_next(
    browse, amara, amara_place, five_things, rosalind, smtp_sink, time_machine, live_server
):
    for now in days(MONDAY, THURSDAY):
        if now.date() == THURSDAY - timedelta(days=1):
            missed(five_things, amara_place, rosalind, now.replace(hour=18))
    (mail,) = (mail for mail in smtp_sink.messages if "Your week" in mail["Subject"])
    assert post_of([mail], amara.email) == [(THURSDAY, "Your week: 5 things to do, the first by Wednesday 10 March")]
    assert headings(mail) == FIVE
    text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert "Five things need you, the first by Wednesday 10 March." in text
    links = dict(re.findall(rf"^(.+): ({live_server.url}/my/\S*)$", text, re.MULTILINE))

    # Opening every link of the mail, as scanners do, changes nothing.
    time_machine.move_to(datetime(2027, 3, 4, 12, tzinfo=UTC))
    before = AuditEvent.objects.count()
    page = browse(amara, width=390)
    for link in re.findall(rf"{live_server.url}/my/\S*", text):
        page.goto(link)
    assert_accessible(page)
    assert AuditEvent.objects.count() == before

    hand = Finger(page)
    page.goto(links["Answer"])
    for group in page.get_by_role("main").get_by_role("group").all():
        group.get_by_role("radio").nth(3).check()
    hand.press("Send")
    page.goto(links["Read and decide"])
    hand.press("No, do not publish")
    assert Feedback.objects.filter(place=amara_place).exists()
    assert Quote.objects.get().withdrawn_at
    page.goto(reverse("my_done"))
    assert page.get_by_text("Done", exact=True).count() >= 1
    assert page.locator("main svg").first.bounding_box()["width"] < 30

    for _ in days(THURSDAY + timedelta(days=1), NEXT_THURSDAY):
        pass
    weekly = [mail for mail in smtp_sink.messages if "Your week" in mail["Subject"]]
    assert post_of(weekly[1:], amara.email) == [(NEXT_THURSDAY, "Your week: 3 things due, 1 of them late")]
    assert headings(weekly[1]) == FIVE[:3]
