"""Matching day, four weeks into the cohort's year: a few criteria, Joanne as a mentor, Amara as a mentee."""

import pytest

from mentoring.models import Mentor
from tests.mentoring.factories import MATCHING_DAY, MenteeFactory, MentorFactory, criteria, matched
from tests.people.factories import AuthorityFactory


@pytest.fixture
def now():
    return MATCHING_DAY


@pytest.fixture
def known_criteria(db):
    return criteria()


@pytest.fixture
def mentor(joanne, known_criteria) -> Mentor:
    """Joanne, of Hackney: knows housing and the step to director."""
    joanne.organisation = AuthorityFactory(name="Hackney", slug="hackney")
    joanne.role_title = "Director of Housing"
    joanne.save()
    return MentorFactory(person=joanne, offers={"service-housing": 4, "step-director": 3})


@pytest.fixture
def mentee(amara_place, known_criteria):
    """Amara's wishes: housing, and the step to director."""
    return MenteeFactory(place=amara_place, wants={"service-housing": 4, "step-director": 2})


@pytest.fixture
def mentorship(mentor, mentee, rosalind):
    """Amara and Joanne, told on matching day."""
    return matched(mentee.place, mentor, rosalind)
