"""What the office's boards of a round share."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from nominations.models import Round


def url(name: str, this: Round) -> str:
    return reverse(f"admin:nominations_{name}", args=[this.pk])


def round_or_404(pk: int) -> Round:
    return get_object_or_404(Round.objects.in_words(), pk=pk)


def frame(this: Round, screen: str) -> dict:
    """What the three boards share: the round, the way to the other boards, and the other live rounds."""
    return {
        "round": this,
        "cohort": this.cohort,
        "now": timezone.now(),
        "screens": [
            (label, url(name, this), name == screen)
            for name, label in (("coverage", "Coverage"), ("selection", "Selection"), ("release", "Release"))
        ],
        "others": [
            (str(other.cohort), url(screen, other))
            for other in Round.objects.live().in_words().exclude(pk=this.pk).order_by("-cohort__starts_on")[:5]
        ],
    }


def are(count: int, one: str, more: str) -> str:
    """1 offer is, 2 offers are."""
    return f"{count} {one if count == 1 else more}"
