"""The certificate of service, as PDF."""

from django.urls import reverse

from leaders.components.dates import day_month, london_date
from leaders.documents.registry import Source, document

from .models import ServiceRecord


def _own_or_office(service: ServiceRecord, person) -> bool:
    return person.is_staff or service.mentor.person_id == person.pk


def _page(service: ServiceRecord, person) -> str:
    if service.mentor.person_id == person.pk:
        return reverse("mentor_home")
    return reverse("admin:mentoring_mentor_change", args=[service.mentor_id])


@document(
    key="mentoring.service", title="Certificate of service", model=ServiceRecord, visible_to=_own_or_office, order=400,
    back=_page,
)  # fmt: skip
def service(service: ServiceRecord) -> Source:
    cohort = service.cohort
    return Source(
        title=f"Certificate of service: {service.name}",
        filename=f"mentoring-{service.code}.pdf",
        template="mentoring/documents/service.html",
        context={
            "service": service,
            "cohort": cohort,
            "programme": cohort.programme,
            "contact": cohort.contact,
            "issued_on": f"{day_month(service.issued_at)} {london_date(service.issued_at).year}",
        },
    )
