"""The questionnaire's waves, and the learning contract: to write, to sign, to review."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from cohorts.models import Cohort, Place
from leaders.components.dates import london_date
from leaders.outbox.registry import Letter
from leaders.people.models import Person
from leaders.reminders.registry import Item, Occurrence, Rule, remind
from leaders.reminders.working_days import add_working_days
from modules import emails
from modules.actions import signing_link
from modules.learning import WHEN
from modules.models import LearningContract, Party, Response, Wave

ASKED_UNTIL = timedelta(days=30)  # after a wave was due; then the office speaks with those who are missing
Status = LearningContract.Status


def _places(scope: Cohort | None):
    cohorts = [scope.pk] if scope else Cohort.objects.live().values("pk")
    found = Place.objects.active().filter(cohort__in=cohorts)
    return found.select_related("person", "cohort").prefetch_related("extensions")


# The questionnaire


def plan_waves(now: datetime, scope: Cohort | None) -> Iterable[Occurrence]:
    waves = Wave.objects.select_related("cohort")
    if scope:
        waves = waves.filter(cohort=scope)
    else:
        # The last wave comes half a year after the cohort has closed.
        cohorts = [Cohort.Status.LIVE, Cohort.Status.GRADUATED]
        waves = waves.filter(due_on__gte=london_date(now) - ASKED_UNTIL, cohort__status__in=cohorts)
    waves = list(waves)
    people: dict[int, list[Place]] = {}
    answering = Place.objects.filter(cohort__in={wave.cohort_id for wave in waves}).filter(_may_answer())
    for place in answering.select_related("person", "cohort").prefetch_related("extensions"):
        people.setdefault(place.cohort_id, []).append(place)
    for wave in waves:
        for place in people.get(wave.cohort_id, ()):
            due = _due(wave, place)
            for step, on in (
                ("when it opens", wave.opens_on),
                ("a week before", add_working_days(due, -5)),
                ("the day after", add_working_days(due, 1)),
            ):
                yield Occurrence(
                    wave, place.person, step, on, due=due, not_before=on == wave.opens_on, asked=place.accepted_at
                )


def _due(wave: Wave, place: Place) -> date:
    """The first wave waits for those who have longer for their onboarding."""
    return max(place.due_on("onboarding_due"), wave.due_on) if wave.kind == Wave.Kind.BEFORE else wave.due_on


def _may_answer() -> Q:
    return Q(status__in=[Place.Status.ACTIVE, Place.Status.GRADUATED])


def wave_needed(wave: Wave, person: Person, now: datetime) -> bool:
    """Until it is answered, or the next wave has opened."""
    today = london_date(now)
    if today < wave.opens_on or Wave.objects.filter(
        cohort=wave.cohort_id, opens_on__gt=wave.opens_on, opens_on__lte=today
    ).exists():  # fmt: skip
        return False
    places = Place.objects.filter(_may_answer(), cohort=wave.cohort_id, person=person)
    return places.exclude(Exists(Response.objects.submitted().filter(wave=wave, place=OuterRef("pk")))).exists()


def wave_item(wave: Wave, person: Person, step: str, now: datetime) -> Item:
    place = Place.objects.filter(_may_answer(), cohort=wave.cohort_id, person=person).select_related("cohort").first()
    return Item(
        title=f"Answer the leadership questionnaire, {WHEN[wave.kind]}",
        detail=f"{len(wave.instrument.items)} statements, about 10 minutes; only you see your answers",
        url=reverse("my_questionnaire", args=[wave.pk]),
        button="Answer",
        due=_due(wave, place) if place else wave.due_on,
    )


remind(
    Rule(
        key="modules.questionnaire",
        title="The leadership questionnaire",
        plan=plan_waves,
        needed=wave_needed,
        item=wave_item,
        model=Wave,
        steps="when it opens, 5 working days before it is due, and the working day after",
        stops="answered, or the next one has opened",
        expires=5,
    ),
    order=340,
)


# The contract: the participant writes it, the sponsor signs it, both review it


def plan_writing(now: datetime, scope: Cohort | None) -> Iterable[Occurrence]:
    for place in _places(scope):
        due = place.due_on("onboarding_due")
        for step, days in (("two weeks before", -10), ("3 working days before", -3), ("the day after", 1)):
            on = add_working_days(due, days)
            yield Occurrence(place, place.person, step, on, due=due, asked=place.accepted_at)


def writing_needed(place: Place, person: Person, now: datetime) -> bool:
    """Until it was sent for the first time; a later change is the writer's own affair."""
    sent = LearningContract.objects.filter(place=place).exclude(status=Status.DRAFT)
    return place.is_active and not sent.exists()


def writing_item(place: Place, person: Person, step: str, now: datetime) -> Item:
    return Item(
        title="Write your learning contract",
        detail="What you, your sponsor and the programme each do this year; about 15 minutes",
        url=reverse("my_contract"),
        button="Write it",
        due=place.due_on("onboarding_due"),
    )


remind(
    Rule(
        key="modules.contract",
        title="Writing the learning contract",
        plan=plan_writing,
        needed=writing_needed,
        item=writing_item,
        model=Place,
        steps="10 and 3 working days before onboarding is due, and the working day after",
        stops="the participant has signed and sent it",
        expires=5,
    ),
    order=350,
)


def _contracts(scope: Cohort | None, *, status: str):
    cohorts = [scope.pk] if scope else Cohort.objects.live().values("pk")
    return LearningContract.objects.filter(
        status=status, place__cohort__in=cohorts, place__status=Place.Status.ACTIVE
    ).select_related("place__person", "place__sponsor", "place__cohort__programme", "place__cohort__contact")


def plan_signing(now: datetime, scope: Cohort | None) -> Iterable[Occurrence]:
    for contract in _contracts(scope, status=Status.PROPOSED).exclude(place__sponsor=None):
        sent = london_date(contract.sent_at)
        for days in (5, 10):
            step = f"version {contract.version}, {days} working days after"
            on = add_working_days(sent, days)
            yield Occurrence(contract, contract.place.sponsor, step, on, due=contract.due_on, asked=sent)


def signing_needed(contract: LearningContract, person: Person, now: datetime) -> bool:
    """As long as this sponsor can sign and has not."""
    signed = contract.signed()
    waits = Party.PARTICIPANT in signed and Party.SPONSOR not in signed
    return waits and contract.place.is_active and contract.place.sponsor_id == person.pk


def signing_letter(contract: LearningContract, person: Person, step: str, now: datetime) -> Letter:
    return emails.contract_chased(contract=contract, token=signing_link(contract, person, now).token)


remind(
    Rule(
        key="modules.signing",
        title="Sponsors who have a learning contract to sign",
        plan=plan_signing,
        needed=signing_needed,
        letter=signing_letter,
        email="modules.contract_chased",
        model=LearningContract,
        steps="5 and 10 working days after it was sent",
        stops="signed, or changed by the participant",
    ),
    order=360,
)


def plan_review(now: datetime, scope: Cohort | None) -> Iterable[Occurrence]:
    for contract in _contracts(scope, status=Status.AGREED):
        for step, days in (("when it is time", 0), ("two weeks later", 10)):
            on = add_working_days(contract.review_on, days) if days else contract.review_on
            yield Occurrence(contract, contract.place.person, step, on, not_before=True)


def review_needed(contract: LearningContract, person: Person, now: datetime) -> bool:
    return contract.is_due_for_review(london_date(now)) and contract.place.is_active


def review_item(contract: LearningContract, person: Person, step: str, now: datetime) -> Item:
    sponsor = contract.place.sponsor
    return Item(
        title=f"Review your learning contract with {sponsor.name if sponsor else 'your sponsor'}",
        detail="Half an hour together; note on its page that you did",
        url=reverse("my_contract"),
        button="Open the contract",
    )


remind(
    Rule(
        key="modules.contract_review",
        title="Reviewing the learning contract",
        plan=plan_review,
        needed=review_needed,
        item=review_item,
        model=LearningContract,
        steps="half way through the year, and 10 working days later",
        stops="participant and sponsor have reviewed it",
        expires=5,
        names={"when it is time": "half way through the year"},
    ),
    order=370,
)
