"""Letters to mentors about being one."""

from django.urls import reverse

from leaders.outbox.registry import Block, Button, Letter, email
from leaders.people.models import Person
from mentoring.models import Mentor, ServiceRecord

from .writing import of_cohort, of_office, sample_cohort, sample_director, sample_mentor


@email(
    "mentoring.mentor_invited",
    title="Would you mentor somebody?",
    sample=lambda: {"mentor": sample_mentor(), "by": sample_director()},
    order=400,
)
def mentor_invited(*, mentor: Mentor, by: Person) -> Letter:
    return Letter(
        subject="Would you mentor somebody on the programme?",
        opening=(
            (
                "Please tell us whether you would like to mentor somebody this year. No answer is an answer too: "
                "we ask once."
            ),
            (
                "It takes about an hour a month for ten months. There is a day of training; you say what "
                "you can offer, how many people you take and when you rest."
            ),
        ),
        blocks=(Block(button=Button("See what it asks, and answer", reverse("mentor_home"))),),
        **of_office(by),
    )


@email(
    "mentoring.mentor_approved",
    title="You are a mentor",
    sample=lambda: {"mentor": sample_mentor(), "by": sample_director(), "is_trained": False},
    order=401,
)
def mentor_approved(*, mentor: Mentor, by: Person, is_trained: bool) -> Letter:
    following = (
        "Your training is on record, so you can be matched: we write once we have somebody for you."
        if is_trained
        else "Before you are matched there is a day of training, and we write with its dates."
    )
    return Letter(
        subject="You are among the programme’s mentors",
        opening=("Thank you: you are now one of our mentors.", f"{following} You do not need to do anything now."),
        blocks=(Block(button=Button("See what you offer", reverse("mentor_home"))),),
        **of_office(by),
    )


@email(
    "mentoring.thanks",
    title="Thanks and a certificate of service",
    sample=lambda: {
        "service": ServiceRecord(
            pk=1, cohort=sample_cohort(), mentor=sample_mentor(), name="Joanne Whitfield", mentees=2, meetings=13
        )
    },
    order=402,
)
def thanks(*, service: ServiceRecord) -> Letter:
    people = "one person" if service.mentees == 1 else f"{service.mentees} people"
    times = {1: "once", 2: "twice"}.get(service.meetings, f"{service.meetings} times")
    met = f", and met them {times}" if service.meetings else ""
    return Letter(
        subject=f"Thank you for mentoring in {service.cohort.name}",
        opening=(
            f"Thank you for the time that you gave. You mentored {people} in {service.cohort.in_words}{met}.",
            "Your certificate of service is on your mentoring page, ready to keep. You do not need to do anything.",
        ),
        blocks=(Block(button=Button("See your certificate", reverse("mentor_home"))),),
        **of_cohort(service.cohort, f"You mentored in {service.cohort.name}."),
    )
