from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import OperationalError

from leaders.documents import actions
from leaders.documents.actions import claim_document, forget_documents, latest, make_document, request_again
from leaders.documents.models import Document
from leaders.documents.registry import Source, document, kinds
from leaders.documents.tasks import tick
from leaders.people.models import Organisation
from leaders.people.refusals import NotPossible
from tests.browsers import sign_in
from tests.cohorts.factories import NOW
from tests.people.factories import OrganisationFactory


@pytest.fixture
def sheet():
    """A kind of document about an organisation, for staff only."""

    @document(key="tests.sheet", title="Sheet", model=Organisation, visible_to=lambda subject, person: person.is_staff)
    def source(organisation):
        return Source(organisation.formal_name, "sheet.pdf", "documents/base.html", {"brand_sub": organisation.name})

    yield "tests.sheet"
    kinds._parts.pop("tests.sheet")


@pytest.fixture
def requested(db, sheet):
    return actions.request_document(sheet, subject=OrganisationFactory(), now=NOW)


def test_request_about_another_model_is_refused(db, sheet, otto):
    with pytest.raises(TypeError):
        actions.request_document(sheet, subject=otto, now=NOW)


def test_tick_makes_what_was_requested_and_finds_nothing_the_second_time(requested):
    assert tick() == 1
    assert tick() == 0
    requested.refresh_from_db()
    assert requested.state == Document.State.READY
    assert bytes(requested.content).startswith(b"%PDF-")
    assert requested.filename == "sheet.pdf"


def test_second_worker_does_not_get_a_claimed_document(requested):
    assert claim_document(now=NOW) == requested
    assert claim_document(now=NOW) is None


def test_document_of_a_killed_worker_is_made_after_its_lease(requested):
    claim_document(now=NOW)
    later = NOW + actions.LEASE
    again = claim_document(now=later)
    assert again.attempts == 2
    assert make_document(document=again, now=later)


def test_late_result_of_a_worker_that_lost_its_lease_is_dropped(requested):
    slow = claim_document(now=NOW)
    quick = claim_document(now=NOW + actions.LEASE)
    assert make_document(document=quick, now=NOW + timedelta(minutes=6))
    assert not make_document(document=slow, now=NOW + timedelta(minutes=7))
    requested.refresh_from_db()
    assert requested.rendered_at == NOW + timedelta(minutes=6)


def test_document_that_kills_three_workers_fails_with_the_reason(requested):
    for n in range(3):
        assert claim_document(now=NOW + n * actions.LEASE)
    assert claim_document(now=NOW + 3 * actions.LEASE) is None
    requested.refresh_from_db()
    assert (requested.state, requested.problem) == ("failed", "It was begun three times and never finished.")


def test_document_whose_subject_is_gone_fails_and_the_next_is_made(sheet, requested):
    Document.objects.filter(pk=requested.pk).update(subject_id="0")
    other = actions.request_document(sheet, subject=OrganisationFactory(), now=NOW)
    assert tick() == 1
    requested.refresh_from_db()
    other.refresh_from_db()
    assert (requested.state, other.state) == ("failed", "ready")
    assert requested.problem.startswith("DoesNotExist")


def test_failed_document_is_tried_again_when_asked(requested):
    Document.objects.update(state="failed", problem="x", attempts=3)
    request_again(document=requested, now=NOW)
    assert tick() == 1


def test_ready_document_is_not_tried_again(requested):
    tick()
    with pytest.raises(NotPossible):
        request_again(document=requested, now=NOW)


def test_latest_is_the_newest_and_forgetting_leaves_none(sheet, requested):
    organisation = Organisation.objects.get(pk=requested.subject_id)
    newer = actions.request_document(sheet, subject=organisation, now=NOW)
    assert latest(sheet, organisation) == newer
    assert forget_documents(sheet, subject=organisation) == 2
    assert latest(sheet, organisation) is None


def test_a_database_that_is_away_is_no_fault_of_the_document(requested, sheet, monkeypatch):
    def away(organisation):
        raise OperationalError("the server closed the connection")

    monkeypatch.setitem(kinds._parts, sheet, replace(kinds[sheet], brings=replace(kinds[sheet].brings, source=away)))
    with pytest.raises(OperationalError):
        make_document(document=claim_document(now=NOW), now=NOW)
    monkeypatch.undo()
    again = claim_document(now=NOW + actions.LEASE)
    assert make_document(document=again, now=NOW + actions.LEASE)


class TestPage:
    @pytest.fixture
    def page(self, requested):
        return f"/documents/{requested.pk}/"

    def test_nobody_signed_in_is_sent_to_sign_in(self, client, page):
        assert client.get(page).status_code == 302

    def test_outsider_finds_no_document(self, client, page, otto):
        client.force_login(otto)
        assert client.get(page).status_code == 404
        assert client.get(page + "?download").status_code == 404
        assert client.post(page).status_code == 404

    def test_director_sees_it_being_prepared_then_downloads_it(self, client, page, rosalind):
        sign_in(client, rosalind)
        assert "is being prepared" in client.get(page).text
        assert client.get(page + "?download")["Content-Type"].startswith("text/html")
        tick()
        assert "Download PDF" in client.get(page).text
        file = client.get(page + "?download")
        assert file["Content-Type"] == "application/pdf"
        assert file["Content-Disposition"] == 'attachment; filename="sheet.pdf"'
        assert file.content.startswith(b"%PDF-")

    def test_director_shows_the_second_factor_first(self, client, page, rosalind):
        client.force_login(rosalind)
        assert client.get(page).url == f"/office/login/?next={page}"

    def test_director_tries_again_what_could_not_be_made(self, client, page, rosalind):
        Document.objects.update(state="failed", problem="It was begun three times")
        sign_in(client, rosalind)
        assert "could not be made" in client.get(page).text
        assert client.post(page).status_code == 302
        assert Document.objects.get().state == "requested"
