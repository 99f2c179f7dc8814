from cohorts.facts import after_graduation, participants
from cohorts.models import Pulse
from tests.cohorts.factories import NOW, PlaceFactory
from tests.people.factories import AuthorityFactory


def told(facts):
    return [fact.text for fact in facts]


def answers(cohort, seniors, others, months=6):
    for n in range(seniors + others):
        place = PlaceFactory(cohort=cohort, status="graduated", graduated_at=NOW)
        role = "more_senior" if n < seniors else "same"
        Pulse.objects.create(place=place, months=months, role=role, works_across=True, answered_at=NOW)


def test_cohort_without_people_has_no_figures(cohort):
    assert participants(cohort, NOW) == []
    assert after_graduation(cohort, NOW) == []


def test_few_people_are_not_counted_out(cohort):
    PlaceFactory.create_batch(3, cohort=cohort, organisation__subregion="")
    assert told(participants(cohort, NOW)) == [
        "fewer than 5 people took part",
        "They work for fewer than 5 organisations",
    ]


def test_small_part_of_london_hides_a_second_one_too(cohort):
    for subregion, count in (("Central", 7), ("East", 2), ("South", 6)):
        for _ in range(count):
            PlaceFactory(cohort=cohort, organisation=AuthorityFactory(subregion=subregion))
    assert told(participants(cohort, NOW))[2] == ("By part of London: Central 7, East fewer than 5, South not shown")


def test_those_who_left_are_not_counted_and_graduates_are(cohort):
    PlaceFactory.create_batch(6, cohort=cohort, status="graduated", graduated_at=NOW)
    PlaceFactory.create_batch(5, cohort=cohort, status="withdrawn", left_at=NOW)
    texts = told(participants(cohort, NOW))
    assert (texts[0], texts[-1]) == ("6 people took part", "6 of them graduated")


def test_share_of_few_who_answered_is_told_as_a_count(cohort):
    answers(cohort, seniors=6, others=6)
    assert told(after_graduation(cohort, NOW))[0] == "6 months on, 6 of the 12 who answered hold a more senior post"


def test_share_is_not_told_where_it_points_at_a_person(cohort):
    answers(cohort, seniors=1, others=10)
    assert not any("senior" in text for text in told(after_graduation(cohort, NOW)))
    answers(cohort, seniors=10, others=2, months=12)
    assert not any("12 months" in text and "senior" in text for text in told(after_graduation(cohort, NOW)))


def test_share_of_22_and_more_is_a_percentage(cohort):
    answers(cohort, seniors=11, others=11)
    assert told(after_graduation(cohort, NOW))[0] == "6 months on, 50% of the 22 who answered hold a more senior post"


def test_so_few_who_did_not_graduate_cannot_be_subtracted(cohort):
    PlaceFactory.create_batch(8, cohort=cohort, status="graduated", graduated_at=NOW)
    PlaceFactory.create_batch(2, cohort=cohort)

    assert not any("graduated" in text for text in told(participants(cohort, NOW)))
