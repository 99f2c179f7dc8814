"""Who signs what we write about a cohort."""

from .models import Cohort


def signature(cohort: Cohort) -> dict[str, str]:
    """The brand and the named person at the foot of a letter: the cohort's contact, whom replies reach."""
    contact = cohort.contact
    return {
        "brand": cohort.programme.name,
        "signed_by": contact.name,
        "signed_role": ", ".join(filter(None, ["Programme director", contact.phone])),
        "reply_to": contact.email,
    }
