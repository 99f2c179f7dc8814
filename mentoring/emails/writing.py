"""Who signs letters about mentoring and coaching, and the samples of their previews."""

from datetime import UTC, date, datetime

from cohorts.models import Cohort, Place, Programme
from leaders.people.models import Organisation, Person
from mentoring.models import Coach, CoachingGroup, CoachingSession, Mentor, Mentorship, Mode, Side


def sample_cohort() -> Cohort:
    return Cohort(
        number=7,
        programme=Programme(name="London Leadership Programme", slug="london-leadership"),
        contact=sample_director(),
        starts_on=date(2026, 9, 15),
        graduation_on=date(2027, 7, 15),
        ends_on=date(2027, 7, 16),
    )


def sample_director() -> Person:
    return Person(
        name="Rosalind Tate", email="rosalind.tate@example.org", phone="020 7946 0100", role_title="Programme director"
    )


def sample_mentor() -> Mentor:
    person = Person(
        name="Joanne Whitfield", email="joanne.whitfield@example.org", role_title="Director of Housing",
        organisation=Organisation(name="Hackney"),
    )  # fmt: skip
    return Mentor(person=person, offer="Fifteen years in housing. I ask where the resident is in the sentence.")


def sample_place() -> Place:
    return Place(
        person=Person(name="Amara Mensah", email="amara.mensah@example.org"), cohort=sample_cohort(),
        organisation=Organisation(name="Camden"), role_title="Assistant Director",
    )  # fmt: skip


def sample_mentorship() -> Mentorship:
    place = sample_place()
    return Mentorship(
        pk=1, cohort=place.cohort, place=place, mentor=sample_mentor(), told_at=datetime(2026, 10, 13, 9, tzinfo=UTC),
        first_meeting_by=date(2026, 11, 10),
        why_mentee="You look for somebody who knows about housing and the step to director. Joanne does.",
        why_mentor="Amara looks for somebody who knows about housing and the step to director, and you offered it.",
        next_at=datetime(2026, 11, 2, 16, tzinfo=UTC), next_mode=Mode.VIDEO,
    )  # fmt: skip


def sample_group() -> CoachingGroup:
    return CoachingGroup(pk=1, cohort=sample_cohort(), number=3, coach=sample_coach())


def sample_coach() -> Coach:
    return Coach(person=Person(name="Miriam Adeyemi", email="miriam.adeyemi@example.org"), about="Coached in the NHS.")


def sample_session() -> CoachingSession:
    return CoachingSession(
        pk=1, group=sample_group(), starts=datetime(2026, 11, 5, 14, tzinfo=UTC),
        ends=datetime(2026, 11, 5, 15, 30, tzinfo=UTC), where="Toynbee Hall, E1 6LS",
    )  # fmt: skip


def of_cohort(cohort: Cohort, why_you: str = "") -> dict:
    contact = cohort.contact
    return {
        "brand": cohort.programme.name,
        "signed_by": contact.name,
        "signed_role": ", ".join(filter(None, ["Programme director", contact.phone])),
        "reply_to": contact.email,
        "why_you": why_you or f"You take part in {cohort.in_words}.",
    }


def of_office(by: Person) -> dict:
    """Signed by whoever in the office did it: mentors belong to no cohort."""
    return {
        "signed_by": by.name,
        "signed_role": ", ".join(filter(None, [by.role_title or "Programme office", by.phone])),
        "reply_to": by.email,
        "why_you": "You took part in one of our programmes, or were recommended by somebody who did.",
    }


def of_mentorship(mentorship: Mentorship, side: str) -> dict:
    cohort = mentorship.cohort
    mentors = f"You mentor somebody in {cohort.in_words}."
    return of_cohort(cohort, mentors if side == Side.MENTOR else "")
