from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .health import troubles


@never_cache
@require_safe
def healthz_reminders(request: HttpRequest) -> JsonResponse:
    """200 when the ticks run and nothing waits too long, else 503 and what is wrong."""
    try:
        found = troubles(timezone.now())
    except DatabaseError:
        found = ["database unreachable"]
    return JsonResponse({"reminders": found or "ok"}, status=503 if found else 200)
