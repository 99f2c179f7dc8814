"""PDFs of the year: the attendance register, name badges, the cohort handbook."""

from django.db.models import Q
from django.urls import reverse

from cohorts.models import Cohort, Place
from leaders.components.dates import day
from leaders.components.text import lower_first
from leaders.documents.registry import Source, document
from leaders.outbox.letters import absolute

from .contract import SECTIONS
from .models import LearningContract, Module, Party, Session, Speaker, Talk
from .models.year import TAKING_PART

# The year: register, badges, handbook


def _people(cohort: Cohort):
    return Place.objects.active().for_cohort(cohort).select_related("person", "organisation").order_by("person__name")


def _frame(cohort: Cohort) -> dict:
    return {"cohort": cohort, "brand_name": cohort.programme.name, "brand_sub": f"{cohort.name}, {cohort.years}"}


def is_office(subject, person) -> bool:
    return person.is_staff


def sessions_of(person):
    return Session.objects.filter(cohort__places__person=person)


def cohorts_of(person):
    return Cohort.objects.filter(Q(places__person=person) | Q(contact=person))


def session_page(session, person) -> str:
    if session.module_id:
        return reverse("admin:modules_module_run", args=[session.module_id])
    return reverse("admin:modules_session_changelist")


@document(
    key="modules.register", title="Attendance register", model=Session, visible_to=is_office, naming=sessions_of,
    back=session_page, order=300,
)  # fmt: skip
def register(session) -> Source:
    """One line per person to sign, for the table by the door."""
    return Source(
        title=f"Attendance register: {session}",
        filename=f"register-{session.cohort.slug}-{session.starts:%Y-%m-%d}.pdf",
        template="modules/documents/register.html",
        context={**_frame(session.cohort), "session": session, "places": list(_people(session.cohort))},
    )


def cohort_page(cohort, person) -> str:
    return cohort.get_absolute_url() if person.is_staff else reverse("my_modules")


@document(
    key="modules.badges", title="Name badges", model=Cohort, visible_to=is_office, naming=cohorts_of, back=cohort_page,
    order=310,
)  # fmt: skip
def badges(cohort) -> Source:
    """Eight to a page: name, post, organisation, team."""
    places = list(_people(cohort).select_related("team_membership__team"))
    for place in places:
        member = getattr(place, "team_membership", None)
        place.team_name = str(member.team) if member and member.team.confirmed_at else ""
    return Source(
        title=f"Name badges: {cohort}",
        filename=f"badges-{cohort.slug}.pdf",
        template="modules/documents/badges.html",
        context={**_frame(cohort), "pages": [places[n : n + 8] for n in range(0, len(places), 8)]},
    )


def takes_part(cohort, person) -> bool:
    return person.is_staff or Place.objects.filter(cohort=cohort, person=person, status__in=TAKING_PART).exists()


@document(
    key="modules.handbook", title="Cohort handbook", model=Cohort, visible_to=takes_part, naming=cohorts_of,
    back=cohort_page, order=320,
)  # fmt: skip
def handbook(cohort) -> Source:
    """The year on paper: aims, dates, modules with speakers, challenges and teams, who takes part, whom to ask."""
    modules = list(Module.objects.for_cohort(cohort).with_dates().order_by("number").prefetch_related("sessions"))
    talks: dict[int, list[Talk]] = {}
    for talk in Talk.objects.filter(session__cohort=cohort, session__cancelled_at=None).select_related(
        "session", "speaker"
    ):
        talks.setdefault(talk.session.module_id, []).append(talk)
    for module in modules:
        module.days = [session for session in module.sessions.all() if not session.cancelled_at]
        module.speakers = _introduced([talk.speaker for talk in talks.get(module.pk, [])])
    return Source(
        title=f"Handbook of {cohort.name}",
        filename=f"handbook-{cohort.slug}.pdf",
        template="modules/documents/handbook.html",
        context={
            **_frame(cohort),
            "lede": f"{day(cohort.starts_on)} to {day(cohort.ends_on)}",
            "modules": modules,
            "development": list(Session.objects.kept().for_cohort(cohort).filter(module=None)),
            "teams": list(
                cohort.teams.confirmed().select_related("challenge").prefetch_related("members__place__person")
            ),
            "places": list(_people(cohort)),
            "home": absolute(reverse("my_home")),
            "rights": absolute(reverse("my_privacy")),
        },
    )


def _introduced(speakers: list[Speaker]) -> list[str]:
    """Each speaker once, though they may speak on both days: “Iqra Samatar, founder of a parents’ network”."""
    once = {speaker.pk: speaker for speaker in speakers}
    return [", ".join(filter(None, (speaker.name, lower_first(speaker.role_title)))) for speaker in once.values()]


# Learning: the contract


def is_party(contract, person) -> bool:
    """Its participant, sponsor and line manager, and the office."""
    return LearningContract.objects.visible_to(person).filter(pk=contract.pk).exists()


def contract_page(contract, person) -> str:
    """Sponsor and line manager have a private link and no page of their own."""
    if person.is_staff:
        return reverse("admin:modules_learningcontract_read", args=[contract.pk])
    return reverse("my_contract") if contract.place.person_id == person.pk else ""


def contracts_naming(person):
    """As participant, sponsor or line manager."""
    parties = Q(place__person=person) | Q(place__sponsor=person) | Q(place__line_manager=person)
    return LearningContract.objects.filter(parties)


@document(
    key="modules.learning_contract", title="Learning contract", model=LearningContract, visible_to=is_party,
    naming=contracts_naming, order=330,
    back=contract_page,
)  # fmt: skip
def learning_contract(contract) -> Source:
    """The version that was sent last, with the signatures it has."""
    place, version = contract.place, contract.sent_version or contract.version
    texts, signed = contract.words_of(version), contract.signed(version)
    return Source(
        title=f"Learning contract of {place.person.name}",
        filename=f"learning-contract-{place.cohort.slug}-{contract.pk}.pdf",
        template="modules/documents/learning_contract.html",
        context={
            **_frame(place.cohort),
            "contract": contract,
            "place": place,
            "version": version,
            "sections": [(section.title, texts.get(section.key, "")) for section in SECTIONS],
            "signatures": [(party.label, signed.get(party)) for party in Party],
        },
    )
