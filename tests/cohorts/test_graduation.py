from datetime import timedelta

import pytest

from cohorts import actions
from cohorts.actions import NotPossible
from cohorts.graduation import checklist, outstanding
from cohorts.models import Certificate, Cohort, Narrative, Place, Waiver
from cohorts.models.graduation import CODE_ALPHABET, new_code
from leaders.documents.models import Document
from leaders.outbox.models import Message
from leaders.people.models import AuditEvent
from tests.cohorts.factories import NOW, CohortFactory, PlaceFactory, ProgrammeRequirementFactory


def again(instance):
    return type(instance).objects.get(pk=instance.pk)


@pytest.fixture
def asked(programme):
    """The programme asks for the narrative alone."""
    return ProgrammeRequirementFactory(programme=programme, key="narrative", title="Tell your leadership story")


@pytest.fixture
def ready(amara_place, asked):
    """Amara with all that the programme asks for."""
    Narrative.objects.create(
        place=amara_place, saved_at=NOW, submitted_at=NOW, self_text="a", us_text="b", now_text="c"
    )
    return again(amara_place)


def test_checklist_follows_the_programme_and_shows_the_evidence(amara_place, asked):
    (narrative,) = checklist(amara_place)
    assert (narrative.title, narrative.done) == ("Tell your leadership story", False)
    assert narrative.label == "Narrative: due Saturday 12 June 2027"
    assert narrative.evidence.url == "/my/narrative/"


def test_narrative_counts_as_soon_as_it_is_submitted(amara_place, asked, amara):
    texts = {"self_text": "a", "us_text": "b", "now_text": "c"}
    actions.save_narrative(place=amara_place, **texts, version=0, by=amara, now=NOW)
    assert [line.done for line in checklist(amara_place)] == [False]
    actions.submit_narrative(place=amara_place, by=amara, now=NOW)
    assert [line.done for line in checklist(amara_place)] == [True]


def test_programme_that_asks_for_nothing_has_an_empty_checklist(amara_place):
    assert checklist(amara_place) == []


def test_requirement_that_nobody_records_is_not_met_and_can_be_waived(amara_place, programme, rosalind):
    ProgrammeRequirementFactory(programme=programme, key="gone", title="A thing of the past")
    assert [line.label for line in outstanding(amara_place)] == ["A thing of the past: nobody records this any more"]
    actions.waive(place=amara_place, requirement_key="gone", reason="No longer asked", by=rosalind, now=NOW)
    assert outstanding(amara_place) == []


class TestWaiver:
    def test_waiver_is_kept_with_its_reason_and_counts(self, amara_place, asked, rosalind):
        actions.waive(place=amara_place, requirement_key="narrative", reason="Ill since May", by=rosalind, now=NOW)
        (line,) = checklist(amara_place)
        assert (line.done, line.label) == (True, "Tell your leadership story: waived")
        assert (line.waiver.given_by, line.waiver.reason) == ("Rosalind Tate", "Ill since May")
        assert AuditEvent.objects.get(action="cohorts.place.waived").reason == "Ill since May"

    def test_waiver_without_a_reason_is_refused(self, amara_place, asked, rosalind):
        with pytest.raises(NotPossible, match="Give a reason"):
            actions.waive(place=amara_place, requirement_key="narrative", reason=" ", by=rosalind, now=NOW)

    def test_nothing_that_was_not_asked_is_waived(self, amara_place, rosalind):
        with pytest.raises(NotPossible, match="does not ask"):
            actions.waive(place=amara_place, requirement_key="narrative", reason="x", by=rosalind, now=NOW)

    def test_waiver_twice_is_one(self, amara_place, asked, rosalind):
        for reason in ("first", "second"):
            actions.waive(place=amara_place, requirement_key="narrative", reason=reason, by=rosalind, now=NOW)
        assert Waiver.objects.get().reason == "first"

    def test_waiver_can_be_ended(self, amara_place, asked, rosalind):
        waiver = actions.waive(place=amara_place, requirement_key="narrative", reason="x", by=rosalind, now=NOW)
        actions.end_waiver(waiver=waiver, reason="She is well again", by=rosalind, now=NOW)
        assert [line.done for line in checklist(again(amara_place))] == [False]


class TestGraduating:
    def test_graduate_gets_a_certificate_its_pdf_and_a_letter(self, ready, rosalind):
        certificate = actions.graduate_place(place=ready, by=rosalind, now=NOW)
        assert (ready.status, ready.graduated_at) == ("graduated", NOW)
        assert (certificate.name, certificate.is_valid) == ("Amara Mensah", True)
        assert Document.objects.get().kind == "cohorts.certificate"
        assert Message.objects.get().subject == "You have graduated from the London Leadership Programme"

    def test_graduation_is_refused_with_what_is_missing(self, amara_place, asked, rosalind):
        with pytest.raises(NotPossible, match="Narrative: due Saturday 12 June 2027"):
            actions.graduate_place(place=amara_place, by=rosalind, now=NOW)
        assert not Certificate.objects.exists()

    def test_of_two_clicks_at_once_one_graduates(self, ready, rosalind):
        other = again(ready)
        actions.graduate_place(place=ready, by=rosalind, now=NOW)
        with pytest.raises(NotPossible, match="has graduated already"):
            actions.graduate_place(place=other, by=rosalind, now=NOW)
        assert (Certificate.objects.count(), Message.objects.count(), Document.objects.count()) == (1, 1, 1)

    def test_mistaken_graduation_is_undone_and_its_certificate_revoked(self, ready, rosalind):
        certificate = actions.graduate_place(place=ready, by=rosalind, now=NOW)
        actions.undo_graduation(place=ready, reason="Wrong person", by=rosalind, now=NOW)
        assert (ready.status, ready.graduated_at, again(certificate).is_valid) == ("active", None, False)


class TestCohortGraduates:
    def test_ready_ones_graduate_and_the_rest_are_named(self, ready, rosalind):
        late = PlaceFactory(cohort=ready.cohort)
        graduated, waiting = actions.graduate_cohort(cohort=ready.cohort, by=rosalind, now=NOW)
        assert (graduated, waiting) == ([ready], [late])
        assert again(ready.cohort).status == "live"

    def test_cohort_is_closed_when_the_last_one_graduates_and_forgets_access_needs(self, ready, rosalind):
        Place.objects.filter(pk=ready.pk).update(access_needs="A quiet room")
        actions.graduate_cohort(cohort=ready.cohort, by=rosalind, now=NOW)
        cohort = again(ready.cohort)
        assert (cohort.status, cohort.closed_at, again(ready).access_needs) == ("graduated", NOW, "")

    def test_rest_graduate_when_the_action_is_repeated(self, ready, rosalind):
        late = PlaceFactory(cohort=ready.cohort)
        actions.graduate_cohort(cohort=ready.cohort, by=rosalind, now=NOW)
        actions.waive(place=late, requirement_key="narrative", reason="x", by=rosalind, now=NOW)
        assert actions.graduate_cohort(cohort=again(ready.cohort), by=rosalind, now=NOW) == ([late], [])
        assert again(ready.cohort).status == "graduated"

    def test_those_who_left_are_not_graduated(self, ready, rosalind):
        left = PlaceFactory(cohort=ready.cohort, status="withdrawn", left_at=NOW)
        actions.graduate_cohort(cohort=ready.cohort, by=rosalind, now=NOW)
        assert (again(left).status, again(ready.cohort).status) == ("withdrawn", "graduated")

    def test_cohort_with_nobody_in_it_does_not_graduate(self, cohort, rosalind):
        with pytest.raises(NotPossible, match="Nobody takes part in Cohort 7"):
            actions.graduate_cohort(cohort=cohort, by=rosalind, now=NOW)

    def test_closed_cohort_does_not_graduate_again(self, ready, rosalind):
        actions.graduate_cohort(cohort=ready.cohort, by=rosalind, now=NOW)
        with pytest.raises(NotPossible, match="Only a live cohort"):
            actions.graduate_cohort(cohort=again(ready.cohort), by=rosalind, now=NOW)


class TestCertificate:
    @pytest.fixture
    def certificate(self, ready, rosalind):
        return actions.graduate_place(place=ready, by=rosalind, now=NOW)

    def test_code_is_of_letters_that_are_not_mistaken_for_each_other(self):
        assert not set("01OILU") & set(CODE_ALPHABET)
        code = new_code()
        assert (len(code), code[4], set(code) - set(CODE_ALPHABET)) == (9, "-", {"-"})

    def test_reissue_carries_the_new_name_and_revokes_the_old(self, certificate, amara, rosalind):
        amara.name = "Amara Mensah-Clarke"
        amara.save()
        fresh = actions.reissue_certificate(place=again(certificate.place), reason="Married", by=rosalind, now=NOW)
        assert (fresh.name, again(certificate).is_valid) == ("Amara Mensah-Clarke", False)
        assert fresh.code != certificate.code

    def test_revoked_certificate_keeps_the_reason_and_is_not_revoked_twice(self, certificate, rosalind):
        actions.revoke_certificate(certificate=certificate, reason="Issued by mistake", by=rosalind, now=NOW)
        assert again(certificate).revoked_reason == "Issued by mistake"
        with pytest.raises(NotPossible, match="revoked already"):
            actions.revoke_certificate(certificate=certificate, reason="x", by=rosalind, now=NOW)

    def test_nobody_who_has_not_graduated_gets_one(self, amara_place, rosalind):
        with pytest.raises(NotPossible, match="has not graduated"):
            actions.reissue_certificate(place=amara_place, reason="x", by=rosalind, now=NOW)


class TestAlumni:
    @pytest.fixture
    def alumna(self, ready, rosalind):
        actions.graduate_place(place=ready, by=rosalind, now=NOW)
        return ready

    def test_staying_in_touch_is_agreed_and_taken_back(self, alumna):
        actions.stay_in_touch(place=alumna, by=alumna.person, now=NOW)
        assert again(alumna).in_touch_since == NOW
        actions.stop_in_touch(place=alumna, by=alumna.person, now=NOW)
        assert again(alumna).in_touch_since is None

    def test_nobody_agrees_for_somebody_else_or_before_graduation(self, alumna, rosalind):
        with pytest.raises(NotPossible):
            actions.stay_in_touch(place=alumna, by=rosalind, now=NOW)
        other = PlaceFactory(cohort=alumna.cohort)
        with pytest.raises(NotPossible):
            actions.stay_in_touch(place=other, by=other.person, now=NOW)

    def test_pulse_is_kept_once_for_its_month_and_encrypted(self, alumna):
        for words in ("first", "second thoughts"):
            pulse = actions.answer_pulse(
                place=alumna, months=6, role="more_senior", works_across=True, words=words, by=alumna.person,
                now=NOW + timedelta(days=190),
            )  # fmt: skip
        assert (alumna.pulses.count(), again(pulse).words) == (1, "second thoughts")

    def test_pulse_is_asked_at_known_months_only(self, alumna):
        with pytest.raises(NotPossible):
            actions.answer_pulse(place=alumna, months=7, role="same", works_across=True, by=alumna.person, now=NOW)


def test_cohort_in_the_database_cannot_be_closed_without_a_time(db):
    from django.db import IntegrityError, transaction

    cohort = CohortFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Cohort.objects.filter(pk=cohort.pk).update(status="graduated")
