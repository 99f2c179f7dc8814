"""Certificate and case study as PDF."""

from django.urls import reverse

from leaders.components.dates import day_month, london_date
from leaders.documents.registry import Source, document
from leaders.outbox.letters import absolute

from .models import CaseStudy, Certificate, Quote


def _own_or_office(certificate: Certificate, person) -> bool:
    return person.is_staff or certificate.place.person_id == person.pk


COUNTS = dict(enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1))


def _completed(programme, modules: int) -> str:
    """What the certificate says was completed: six modules, a systems challenge and a narrative."""
    asked = {requirement.key for requirement in programme.requirements.all()}
    parts = [f"{COUNTS.get(modules, modules)} module{'' if modules == 1 else 's'}"] if modules else []
    parts += ["a systems challenge"] * ("team_presentation" in asked) + ["a narrative"] * ("narrative" in asked)
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def _address(subject) -> str:
    """Where its public page is."""
    return absolute(subject.get_absolute_url()).rstrip("/")


def _certificate_page(certificate: Certificate, person) -> str:
    if certificate.place.person_id == person.pk:
        return reverse("my_graduation")
    return reverse("admin:cohorts_place_change", args=[certificate.place_id])


@document(
    key="cohorts.certificate", title="Certificate", model=Certificate, visible_to=_own_or_office,
    back=_certificate_page, order=200,
)  # fmt: skip
def certificate(certificate: Certificate) -> Source:
    cohort = certificate.place.cohort
    crossings = cohort.programme.outline.count()
    return Source(
        title=f"Certificate of completion: {certificate.name}",
        filename=f"certificate-{certificate.code}.pdf",
        template="documents/cohorts/certificate.html",
        context={
            "certificate": certificate,
            "cohort": cohort,
            "programme": cohort.programme,
            "contact": cohort.contact,
            "crossings": crossings,
            "completed": _completed(cohort.programme, crossings),
            "issued_on": f"{day_month(certificate.issued_at)} {london_date(certificate.issued_at).year}",
            "address": _address(certificate),
        },
    )


@document(
    key="cohorts.case_study", title="Case study", model=CaseStudy, order=210,
    visible_to=lambda study, person: person.is_staff,
    back=lambda study, person: reverse("admin:cohorts_casestudy_change", args=[study.pk]),
)  # fmt: skip
def case_study(study: CaseStudy) -> Source:
    return Source(
        title=study.title,
        filename=f"case-study-{study.slug}.pdf",
        template="documents/cohorts/case_study.html",
        context={
            "study": study,
            "cohort": study.cohort,
            "programme": study.cohort.programme,
            "brand_name": study.cohort.programme.name,
            "brand_sub": "Case study",
            "quotes": Quote.objects.for_cohort(study.cohort)
            .published()
            .select_related("place__person", "place__organisation"),
            "address": _address(study),
        },
    )
