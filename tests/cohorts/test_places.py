from datetime import date, timedelta

import pytest

from cohorts import actions
from cohorts.actions import NotPossible
from cohorts.models import Cohort, Extension, Place
from cohorts.places import current_place
from leaders.outbox.models import Message
from leaders.people.models import AuditEvent, Person, Role
from tests.cohorts.factories import NOW, CohortFactory, PlaceFactory
from tests.people.factories import AuthorityFactory, PersonFactory


def again(instance):
    return type(instance).objects.get(pk=instance.pk)


@pytest.fixture
def seated(cohort, amara_place):
    """Amara's place, with the seat it holds counted."""
    actions.take_seat(cohort)
    return amara_place


def test_place_is_made_with_its_roles(cohort, camden, helen):
    person = PersonFactory(name="Tunde Bello")
    place = actions.make_place(cohort=cohort, person=person, organisation=camden, sponsor=helen, now=NOW, by=None)
    assert again(person).roles == {Role.PARTICIPANT}
    assert AuditEvent.objects.about(place).get().sentence == "Tunde Bello took a place in Cohort 7"


def test_what_is_changed_by_the_office_leaves_alone_what_somebody_saved_meanwhile(seated, rosalind, amara):
    read_before = again(seated)
    actions.update_details(
        place=seated, by=amara, now=NOW, known_as="", pronouns="", phone="", role_title="", service="",
        access_needs="A hearing loop",
    )  # fmt: skip
    actions.change_employer(
        place=read_before, organisation=AuthorityFactory(), reason="A new post", by=rosalind, now=NOW
    )
    assert (again(seated).access_needs, again(seated).details_at) == ("A hearing loop", NOW)


def test_what_a_graduate_says_of_themselves_changes_the_person_and_not_the_place(seated, amara, rosalind):
    Place.objects.update(role_title="Assistant Director")
    actions.graduate_place(place=again(seated), by=rosalind, now=NOW)
    actions.update_details(
        place=again(seated), by=amara, now=NOW, known_as="", pronouns="", phone="", role_title="Director", service="",
        access_needs="A hearing loop",
    )  # fmt: skip
    assert again(amara).role_title == "Director"
    assert (again(seated).role_title, again(seated).access_needs) == ("Assistant Director", "")


class TestLeaving:
    def test_withdrawal_frees_the_seat_ends_the_role_and_tells_the_person(self, seated, rosalind):
        actions.withdraw_place(place=seated, reason="New post in Leeds", by=rosalind, now=NOW)
        assert (seated.status, seated.left_at, seated.leaving_reason) == ("withdrawn", NOW, "New post in Leeds")
        assert again(seated.cohort).seats_taken == 0
        assert again(seated.person).roles == set()
        assert Message.objects.get().subject == "Your place in Cohort 7 has ended"

    def test_second_withdrawal_is_refused_and_frees_no_second_seat(self, seated, rosalind):
        other = again(seated)
        actions.take_seat(seated.cohort)
        actions.withdraw_place(place=seated, reason="x", by=rosalind, now=NOW)
        with pytest.raises(NotPossible, match="Amara Mensah is not taking part in Cohort 7 now"):
            actions.withdraw_place(place=other, reason="x", by=rosalind, now=NOW)
        assert again(seated.cohort).seats_taken == 1

    def test_graduate_keeps_the_role_when_a_later_place_is_given_up(self, seated, rosalind):
        PlaceFactory(person=seated.person, status="graduated", graduated_at=NOW, cohort__status="graduated")
        actions.withdraw_place(place=seated, reason="x", by=rosalind, now=NOW)
        assert again(seated.person).roles == {Role.PARTICIPANT}

    def test_deferred_place_is_taken_up_in_a_later_cohort_with_a_seat_there(self, seated, rosalind, programme):
        later = CohortFactory(programme=programme, number=8, status="planned")
        actions.defer_place(place=seated, reason="Parental leave", by=rosalind, now=NOW)
        made = actions.take_up_place(place=seated, cohort=later, by=rosalind, now=NOW)
        assert (made.cohort, made.sponsor, made.status) == (later, seated.sponsor, "active")
        assert (again(later).seats_taken, again(seated).deferred_to) == (1, later)
        assert (
            Message.objects.order_by("-pk")[0].subject
            == "You have a place in Cohort 8 of the London Leadership Programme"
        )

    def test_deferred_place_is_taken_up_once(self, seated, rosalind, programme):
        actions.defer_place(place=seated, reason="x", by=rosalind, now=NOW)
        stale = again(seated)
        actions.take_up_place(place=seated, cohort=CohortFactory(programme=programme, number=8), by=rosalind, now=NOW)
        with pytest.raises(NotPossible, match="not taken up yet"):
            actions.take_up_place(
                place=stale, cohort=CohortFactory(programme=programme, number=9), by=rosalind, now=NOW
            )

    def test_deferred_place_cannot_be_taken_up_in_a_full_cohort_and_stays_deferred(self, seated, rosalind, programme):
        full = CohortFactory(programme=programme, number=8, capacity=1, seats_taken=1)
        actions.defer_place(place=seated, reason="x", by=rosalind, now=NOW)
        with pytest.raises(NotPossible, match="is full"):
            actions.take_up_place(place=seated, cohort=full, by=rosalind, now=NOW)
        assert again(seated).deferred_to is None

    def test_somebody_who_left_comes_back_when_there_is_a_seat(self, seated, rosalind):
        actions.withdraw_place(place=seated, reason="x", by=rosalind, now=NOW)
        actions.reinstate_place(place=seated, reason="A mistake", by=rosalind, now=NOW)
        assert (seated.status, seated.left_at, again(seated.cohort).seats_taken) == ("active", None, 1)
        assert again(seated.person).roles == {Role.PARTICIPANT}

    def test_nobody_comes_back_to_a_full_cohort(self, seated, rosalind):
        actions.withdraw_place(place=seated, reason="x", by=rosalind, now=NOW)
        Cohort.objects.filter(pk=seated.cohort_id).update(seats_taken=36)
        with pytest.raises(NotPossible, match="is full"):
            actions.reinstate_place(place=seated, reason="x", by=rosalind, now=NOW)
        assert again(seated).status == "withdrawn"


class TestChanges:
    def test_change_of_employer_keeps_the_place_and_asks_for_a_new_sponsor(self, amara_place, helen, rosalind):
        hackney = AuthorityFactory(name="Hackney")
        actions.change_employer(
            place=amara_place,
            organisation=hackney,
            role_title="Director of Homes",
            reason="Promoted",
            by=rosalind,
            now=NOW,
        )
        place = again(amara_place)
        assert (place.organisation, place.role_title, place.status) == (hackney, "Director of Homes", "active")
        assert (place.sponsor, place.line_manager) == (None, None)
        assert again(place.person).organisation == hackney
        assert again(helen).roles == set()
        event = AuditEvent.objects.get(action="cohorts.place.employer_changed")
        assert (event.sentence, event.reason) == ("Amara Mensah moved from Camden to Hackney", "Promoted")

    def test_change_to_the_same_employer_is_refused(self, amara_place, camden, rosalind):
        with pytest.raises(NotPossible, match="works for Camden already"):
            actions.change_employer(place=amara_place, organisation=camden, reason="x", by=rosalind, now=NOW)

    def test_new_sponsor_hears_what_a_sponsor_does(self, amara_place, helen, rosalind):
        dawn = PersonFactory(name="Dawn Price")
        actions.change_sponsor(place=amara_place, sponsor=dawn, reason="Helen has left", by=rosalind, now=NOW)
        assert (again(dawn).roles, again(helen).roles) == ({Role.SPONSOR}, set())
        message = Message.objects.get()
        assert (message.person, message.subject) == (dawn, "You are now the sponsor of Amara Mensah")

    def test_sponsor_of_two_keeps_the_role_when_one_changes(self, amara_place, helen, rosalind):
        PlaceFactory(cohort=amara_place.cohort, sponsor=helen)
        actions.change_sponsor(place=amara_place, sponsor=None, reason="x", by=rosalind, now=NOW)
        assert again(helen).roles == {Role.SPONSOR}

    def test_nobody_is_their_own_sponsor_or_line_manager(self, amara_place, amara, rosalind):
        with pytest.raises(NotPossible):
            actions.change_sponsor(place=amara_place, sponsor=amara, reason="x", by=rosalind, now=NOW)
        with pytest.raises(NotPossible):
            actions.change_line_manager(place=amara_place, line_manager=amara, reason="x", by=rosalind, now=NOW)

    def test_new_line_manager_is_recorded(self, amara_place, rosalind):
        sam = PersonFactory(name="Sam Field")
        actions.change_line_manager(place=amara_place, line_manager=sam, reason="Restructure", by=rosalind, now=NOW)
        assert again(amara_place).line_manager == sam

    @pytest.mark.parametrize("change", ["change_sponsor", "change_line_manager"])
    def test_place_that_was_given_up_does_not_change(self, amara_place, rosalind, change):
        actions.withdraw_place(place=amara_place, reason="x", by=rosalind, now=NOW)
        with pytest.raises(NotPossible, match="not taking part"):
            getattr(actions, change)(
                place=amara_place, reason="x", by=rosalind, now=NOW, **{change.removeprefix("change_"): None}
            )


class TestExtension:
    UNTIL = date(2027, 6, 25)

    def extend(self, place, by, until=UNTIL):
        return actions.extend_date(place=place, what="narratives_due", until=until, reason="Bereaved", by=by, now=NOW)

    def test_extension_moves_the_date_of_one_person_and_tells_them(self, amara_place, rosalind):
        other = PlaceFactory(cohort=amara_place.cohort)
        self.extend(amara_place, rosalind)
        assert again(amara_place).due_on("narratives_due") == self.UNTIL
        assert other.due_on("narratives_due") == other.cohort.narratives_due
        assert Message.objects.get().subject == "You have until Friday 25 June 2027"

    def test_second_extension_replaces_the_first(self, amara_place, rosalind):
        self.extend(amara_place, rosalind)
        self.extend(amara_place, rosalind, self.UNTIL + timedelta(days=3))
        assert Extension.objects.get().until == date(2027, 6, 28)

    def test_extension_to_an_earlier_date_is_refused(self, amara_place, rosalind):
        with pytest.raises(NotPossible, match="Choose a later date"):
            self.extend(amara_place, rosalind, amara_place.cohort.narratives_due)

    def test_other_dates_of_the_person_stay(self, amara_place, rosalind):
        self.extend(amara_place, rosalind)
        assert again(amara_place).due_on("onboarding_due") == amara_place.cohort.onboarding_due


class TestDetails:
    WORDS = {
        "known_as": "Ama", "pronouns": "she/her", "phone": "020 7946 0101", "role_title": "Assistant Director",
        "service": "Housing", "access_needs": "Step-free access",
    }  # fmt: skip

    def test_participant_says_how_to_call_them_and_what_they_need(self, amara_place, amara):
        actions.update_details(place=amara_place, by=amara, now=NOW, **self.WORDS)
        assert again(amara).first_name == "Ama"
        assert again(amara_place).access_needs == "Step-free access"

    def test_access_needs_enter_neither_history_nor_audit_trail(self, amara_place, amara):
        actions.update_details(place=amara_place, by=amara, now=NOW, **self.WORDS)
        assert "Step-free" not in str(list(amara_place.history.values()))
        assert "Step-free" not in str(list(AuditEvent.objects.values()))

    def test_nobody_else_says_it(self, amara_place, rosalind):
        with pytest.raises(NotPossible):
            actions.update_details(place=amara_place, by=rosalind, now=NOW, **self.WORDS)


class TestCurrentPlace:
    def test_it_is_the_live_cohort_before_an_earlier_graduation(self, amara_place, amara):
        PlaceFactory(person=amara, status="graduated", graduated_at=NOW, cohort__status="graduated")
        assert current_place(amara, NOW) == amara_place

    def test_it_is_the_newest_graduation_afterwards(self, amara):
        Place.objects.all().delete()
        PlaceFactory(
            person=amara, status="graduated", graduated_at=NOW - timedelta(days=400), cohort__status="graduated"
        )
        newest = PlaceFactory(person=amara, status="graduated", graduated_at=NOW, cohort__status="graduated")
        assert current_place(amara, NOW) == newest

    @pytest.mark.parametrize("status", ["planned", "cancelled"])
    def test_it_is_none_in_a_cohort_that_is_not_running(self, amara_place, amara, status):
        closed = NOW if status == "cancelled" else None
        Cohort.objects.filter(pk=amara_place.cohort_id).update(status=status, closed_at=closed)
        assert current_place(amara, NOW) is None

    def test_it_is_read_once_with_all_that_a_page_needs(self, amara_place, amara, django_assert_num_queries):
        person = Person.objects.get(pk=amara.pk)
        with django_assert_num_queries(2):
            place = current_place(person, NOW)
            assert (place.cohort.programme.name, place.cohort.contact.name) == (
                "London Leadership Programme",
                "Rosalind Tate",
            )
            assert (place.organisation.name, place.sponsor.name, place.person) == ("Camden", "Helen Marsh", person)
            assert place.due_on("narratives_due") == place.cohort.narratives_due
            assert current_place(person, NOW) is place
