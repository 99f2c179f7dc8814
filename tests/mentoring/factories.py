"""Mentors, mentees and coaches for tests, around the cohort of `tests.cohorts.factories`."""

import random
from datetime import UTC, date, datetime, timedelta

import factory

from cohorts.models import Place
from leaders.people.actions import grant_role
from leaders.people.models import Person, Role
from mentoring.actions import confirm_match, propose_match
from mentoring.models import (
    Coach,
    MatchCriterion,
    MenteeProfile,
    Mentor,
    Mentorship,
    MentorTraining,
    Preference,
)
from tests.cohorts.factories import PlaceFactory
from tests.people.factories import AuthorityFactory, PersonFactory

# Four weeks into the cohort's year: matching day.
MATCHING_DAY = datetime(2026, 10, 13, 9, 30, tzinfo=UTC)
TRAINED_ON = date(2026, 1, 20)
CRITERIA = (
    ("theme-politics", "theme", "working with politicians", 3),
    ("theme-system", "theme", "leading where nobody is in charge", 3),
    ("service-housing", "service", "housing", 2),
    ("step-director", "step", "the step to director", 3),
    ("preference", "preference", "a mentor they named", 4),
    ("shared", "shared", "something both chose to share", 1),
)


def criteria():
    """A few matching criteria, with the two that belong to pairs."""
    return [
        MatchCriterion.objects.create(key=key, group=group, label=label, weight=weight, order=n)
        for n, (key, group, label, weight) in enumerate(CRITERIA)
    ]


class MentorFactory(factory.django.DjangoModelFactory):
    """An approved, trained mentor of an authority of their own; `trained=False` leaves the training out."""

    class Meta:
        model = Mentor
        skip_postgeneration_save = True

    person = factory.SubFactory(PersonFactory, organisation=factory.SubFactory(AuthorityFactory))
    status = Mentor.Status.APPROVED
    capacity = 1
    offer = "I ask where the resident is in the sentence."
    joined_at = datetime(2026, 1, 10, 9, tzinfo=UTC)
    approved_at = datetime(2026, 1, 12, 9, tzinfo=UTC)
    approved_by = "Rosalind Tate"

    @factory.post_generation
    def trained(self, create, extracted, **kwargs):
        if extracted is not False:
            on = extracted or TRAINED_ON
            MentorTraining.objects.create(
                mentor=self, kind="full", on=on, recorded_at=self.joined_at, recorded_by="Rosalind Tate"
            )

    @factory.post_generation
    def role(self, create, extracted, **kwargs):
        grant_role(person=self.person, role=Role.MENTOR, by=None, now=self.joined_at)


class MenteeFactory(factory.django.DjangoModelFactory):
    """What a participant of the cohort said: yes, and what they look for."""

    class Meta:
        model = MenteeProfile

    place = factory.SubFactory(PlaceFactory)
    choice = MenteeProfile.Choice.IN
    chosen_at = MATCHING_DAY - timedelta(days=10)


class CoachFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Coach
        skip_postgeneration_save = True

    person = factory.SubFactory(PersonFactory)
    joined_at = datetime(2026, 1, 10, 9, tzinfo=UTC)

    @factory.post_generation
    def role(self, create, extracted, **kwargs):
        grant_role(person=self.person, role=Role.COACH, by=None, now=self.joined_at)


def crowd(cohort, pairs: int, *, seats: int = 1, seed: int = 7) -> None:
    """So many who ask and so many trained mentors, written in a few statements; each says what they want or offer.

    They come from 33 organisations, two of three name somebody, and everything is drawn from the seed.
    """
    chance = random.Random(seed)
    keys = [key for key, group, *_ in CRITERIA if group not in {"preference", "shared"}]
    employers = AuthorityFactory.create_batch(33)
    people = Person.objects.bulk_create(
        Person(name=f"Person {seed}.{n}", email=f"crowd{seed}.{n}@example.org", organisation=chance.choice(employers))
        for n in range(2 * pairs)
    )
    mentors = Mentor.objects.bulk_create(
        Mentor(
            person=person, status=Mentor.Status.APPROVED, capacity=seats, joined_at=MATCHING_DAY,
            approved_at=MATCHING_DAY, approved_by="Rosalind Tate",
            offers={key: chance.randint(1, 4) for key in chance.sample(keys, 3)},
        )
        for person in people[:pairs]
    )  # fmt: skip
    MentorTraining.objects.bulk_create(
        MentorTraining(mentor=mentor, kind="full", on=TRAINED_ON, recorded_at=MATCHING_DAY, recorded_by="Rosalind Tate")
        for mentor in mentors
    )
    places = Place.objects.bulk_create(
        Place(cohort=cohort, person=person, organisation=person.organisation, accepted_at=MATCHING_DAY)
        for person in people[pairs:]
    )
    profiles = MenteeProfile.objects.bulk_create(
        MenteeProfile(
            place=place, choice=MenteeProfile.Choice.IN, chosen_at=MATCHING_DAY,
            wants={key: chance.choice((2, 2, 4)) for key in chance.sample(keys, 2)},
        )
        for place in places
    )  # fmt: skip
    Preference.objects.bulk_create(
        Preference(profile=profile, mentor=mentor, rank=rank)
        for profile in profiles
        if chance.random() < 2 / 3
        for rank, mentor in enumerate(chance.sample(mentors, min(3, pairs)), 1)
    )


def matched(place, mentor, by, now=MATCHING_DAY) -> Mentorship:
    """A mentorship of the two, by the engine and confirmed."""
    if not hasattr(place, "mentee_profile"):
        MenteeFactory(place=place)
    run = propose_match(cohort=place.cohort, by=by, now=now)
    confirm_match(run=run, by=by, now=now, reason="Whom they mean mentors nobody")
    return Mentorship.objects.with_people().select_related("agreement").get(place=place, mentor=mentor)
