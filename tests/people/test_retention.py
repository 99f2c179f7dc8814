"""What is past its time goes when the office says so, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from cohorts.models import Cohort
from leaders.celery import SCHEDULE
from leaders.outbox.models import Message
from leaders.people.actions import answer_privacy, ask_privacy, clear_expired
from leaders.people.links import issue
from leaders.people.models import AuditEvent, PastTime, PrivacyRequest, PrivateLink
from leaders.people.privacy import holdings
from leaders.people.refusals import NotPossible
from leaders.people.retention import months_before, retentions
from leaders.people.tasks import clear_sessions, look_for_all_expired
from tests.browsers import sign_in
from tests.house.village import village  # noqa: F401
from tests.outbox.factories import write_message

NOW = datetime(2027, 3, 31, 10, tzinfo=UTC)
LATER = datetime(2037, 3, 31, 10, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("months", "day"),
    [(0, "2027-03-31"), (1, "2027-02-28"), (12, "2026-03-31"), (36, "2024-03-31"), (15, "2025-12-31")],
)
def test_months_before_end_on_the_same_day_or_the_last_of_a_shorter_month(months, day):
    assert months_before(NOW, months).date().isoformat() == day


def test_every_retention_is_of_something_that_is_held():
    assert [part.key for part in retentions if part.key not in holdings] == []


def test_nothing_in_the_village_is_past_its_time_while_the_year_runs(village):  # noqa: F811
    ours = {"cohorts", "mentoring", "modules"}
    now = datetime(2027, 3, 4, 10, tzinfo=UTC)
    assert {
        part.key: part.brings.years(now) for part in retentions if part.app in ours and part.brings.years(now)
    } == {}


def test_ten_years_later_everything_is_past_its_time_and_goes_for_good(village):  # noqa: F811
    Message.objects.filter(state="pending").update(state="skipped")
    for part in retentions:
        if part.key == "people.audit":
            continue  # PostgreSQL goes by a clock of its own: see test_audit.py
        due = part.brings.expired(LATER).count()
        assert sum(many for _, many in part.brings.years(LATER)) == due
        assert part.brings.expire(LATER) == due
        assert part.brings.expired(LATER).count() == 0, part.key


def test_what_is_not_past_its_time_stays(otto, rosalind):
    asked = ask_privacy(person=otto, kind="access", words="All of it", now=NOW)
    with pytest.raises(NotPossible, match="Nothing"):
        clear_expired(key="people.requests", by=rosalind, now=NOW)
    answer_privacy(asked=asked, answer="Sent", by=rosalind, now=NOW)
    with pytest.raises(NotPossible, match="Nothing"):
        clear_expired(key="people.requests", by=rosalind, now=NOW + timedelta(days=3 * 365))
    assert clear_expired(key="people.requests", by=rosalind, now=NOW + timedelta(days=3 * 366)) == 1
    assert list(PrivacyRequest.objects.values_list("words", "answer")) == [("Erased", "Erased")]
    assert AuditEvent.objects.get(action="people.holding.expired").detail == {"count": 1}


def test_a_link_goes_a_year_after_its_end_and_one_without_end_stays(otto):
    issue(purpose="tried", subject=otto, now=NOW, expires_at=NOW)
    kept = issue(purpose="tried", subject=otto, now=NOW)
    assert retentions["people.links"].brings.expire(NOW + timedelta(days=367)) == 1
    assert PrivateLink.objects.get() == kept


def test_a_message_goes_after_three_years_but_for_one_that_may_yet_go_out(otto):
    gone, due = write_message(now=NOW), write_message(now=NOW)
    Message.objects.filter(pk=gone.pk).update(state="sent", sent_at=NOW, person=otto)
    assert retentions["outbox.messages"].brings.expire(LATER) == 1
    gone.refresh_from_db()
    due.refresh_from_db()
    assert (gone.to_email, gone.to_name, gone.person, gone.state) == ("erased@example.invalid", "", None, "sent")
    assert "Module 4" in due.subject


def test_what_was_written_for_an_unsuccessful_nomination_goes(village):  # noqa: F811
    draft = village.draft
    assert retentions["nominations.nominations"].brings.expire(LATER) > 0
    draft.refresh_from_db()
    assert (draft.nominator_name, draft.nominator_email, draft.why) == ("", "", {})
    village.complete.refresh_from_db()
    assert village.complete.statement  # it may still be decided


def test_what_was_never_answered_or_decided_goes_when_the_selection_is_over(village):  # noqa: F811
    Cohort.objects.filter(round=village.complete.round).update(status="cancelled", closed_at=NOW)
    assert retentions["nominations.nominations"].brings.expire(LATER) > 0
    village.complete.refresh_from_db()
    assert (village.complete.statement, village.complete.nominator_name, village.complete.why) == ("", "", {})


def test_the_worker_counts_and_the_office_lets_go_after_a_look(otto, rosalind, adjoa, client, time_machine):
    issue(purpose="tried", subject=otto, now=NOW, expires_at=NOW)
    time_machine.move_to(LATER)
    look_for_all_expired()
    assert PastTime.objects.get(key="people.links").count == 1
    assert PrivateLink.objects.count() == 1
    office = sign_in(client, rosalind)
    assert "past the time for which we keep them" in office.get(reverse("admin:index")).content.decode()
    page = office.get(reverse("admin:people_retention")).content.decode()
    address = reverse("admin:people_expire", args=["people.links"])
    assert address in page
    assert "1 of 2027" in office.get(address).content.decode()
    assert PrivateLink.objects.count() == 1
    office.post(address, {"confirmed": "yes"})
    assert PrivateLink.objects.count() == 0
    assert AuditEvent.objects.get(action="people.holding.expired").actor == "Rosalind Tate"
    assert PastTime.objects.get(key="people.links").count == 0


def test_only_the_director_lets_go_what_is_past_its_time(adjoa, client):
    office = sign_in(client, adjoa)
    for address in (reverse("admin:people_retention"), reverse("admin:people_expire", args=["people.links"])):
        assert office.post(address, {"confirmed": "yes"}).status_code == 403


def test_sessions_that_have_ended_are_cleared():
    Session.objects.create(session_key="a", session_data="", expire_date=datetime(2020, 1, 1, tzinfo=UTC))
    clear_sessions()
    assert not Session.objects.exists()
    assert {"leaders.people.tasks.clear_sessions", "leaders.people.tasks.look_for_expired"} <= SCHEDULE.keys()
