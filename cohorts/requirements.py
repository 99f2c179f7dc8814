from django.urls import reverse

from leaders.components.dates import day

from .models import Narrative
from .registry import Evidence, requirement


@requirement(order=260, key="narrative", title="Graduation narrative")
def narrative(place, settings) -> Evidence:
    """The narrative was submitted; what it says is nobody's business here."""
    url = reverse("my_narrative")
    if Narrative.objects.filter(place=place, submitted_at__isnull=False).exists():
        return Evidence(done=True, text="Narrative: submitted", url=url)
    return Evidence(done=False, text=f"Narrative: due {day(place.due_on('narratives_due'))}", url=url)
