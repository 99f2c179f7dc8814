"""Every group that the office can write to, and who is in it, in a house where somebody is of each kind."""

import pytest

from cohorts.actions import withdraw_place
from cohorts.models import Cohort
from leaders.outbox.groups import addressees, find_group, groups
from nominations import actions as nominations
from tests.cohorts.factories import NOW
from tests.house.village import village  # noqa: F401

pytestmark = pytest.mark.django_db


def everybody(now=NOW):
    return {str(group): sorted(group.people.values_list("name", flat=True)) for group in groups(now)}


def test_each_group_has_its_people_at_one_query_a_kind_and_is_found_again_by_its_key(
    village,  # noqa: F811
    django_assert_num_queries,
):
    with django_assert_num_queries(len(addressees)):
        every = list(groups(NOW))
    eighth = {
        "Nominators who have not answered": ["Sam Osei"],
        "Nominators": ["Sam Osei"],
        "Panel members": ["Priya Nair"],
        "Participants": [],
    }
    seventh = {
        "Participants": ["Amara Mensah", "Bola Adeyinka"],
        str(village.team): ["Amara Mensah"],
        "Mentors": ["Joanne Whitfield"],
        "Coaches": ["Miriam Adeyemi"],
    }
    wanted = {f"{title}, N Cohort 8": who for title, who in eighth.items()}
    wanted |= {f"{title}, N Cohort 7": who for title, who in seventh.items()}
    found = everybody()
    assert {name: found[name] for name in wanted} == wanted
    standing = {nomination.nominee.name for nomination in (village.sent, village.complete, village.offer.nomination)}
    assert standing <= set(found["Nominees and applicants, N Cohort 8"])
    for group in every:
        again = find_group(group.key, NOW)
        assert (str(again), again.why, again.cohort_id) == (str(group), group.why, group.cohort_id)
        assert group.signed["reply_to"] == "rosalind.tate@example.org"
        assert not any(name in group.why for people in found.values() for name in people)
    assert (find_group("no.such:1", NOW), find_group("cohorts.participants:0", NOW)) == (None, None)


def left(name):
    return {str(group): sorted(group.left.values_list("name", flat=True)) for group in groups(NOW)}[name]


def test_whoever_leaves_has_answered_or_has_graduated_is_in_the_group_no_longer(village):  # noqa: F811
    withdraw_place(place=village.place, reason="A new post", by=village.rosalind, now=NOW)
    invitation = village.invitation
    nominations.nobody_this_time(
        round=village.round, organisation=invitation.organisation, person=invitation.nominator, by="Sam", now=NOW
    )
    nominations.withdraw_nomination(nomination=village.complete, reason="Asked to", by=village.rosalind, now=NOW)
    nominations.remove_panel_member(member=village.assessment.member, by=village.rosalind, now=NOW)
    found = everybody()
    assert found["Participants, N Cohort 7"] == ["Bola Adeyinka"]
    assert left("Participants, N Cohort 7") == ["Amara Mensah"]
    assert (found[f"{village.team}, N Cohort 7"], left(f"{village.team}, N Cohort 7")) == ([], ["Amara Mensah"])
    assert found["Nominators who have not answered, N Cohort 8"] == []
    assert left("Nominators who have not answered, N Cohort 8") == ["Sam Osei"]
    assert found["Nominators, N Cohort 8"] == ["Sam Osei"]
    assert village.complete.nominee.name not in found["Nominees and applicants, N Cohort 8"]
    assert village.complete.nominee.name in left("Nominees and applicants, N Cohort 8")
    assert (found["Panel members, N Cohort 8"], left("Panel members, N Cohort 8")) == ([], ["Priya Nair"])

    last = village.certificate.place.cohort
    Cohort.objects.filter(pk=last.pk).update(status="graduated", closed_at=NOW)
    found = everybody()
    assert (found["Alumni, N Cohort 6"], "Participants, N Cohort 6" in found) == (["Gita Patel"], False)
