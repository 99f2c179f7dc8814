from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .health import troubles
from .metrics import exposition


@never_cache
@require_safe
def healthz_reminders(request: HttpRequest) -> JsonResponse:
    """200 when the ticks run and nothing waits too long, else 503 and what is wrong."""
    try:
        found = troubles(timezone.now())
    except DatabaseError:
        found = ["database unreachable"]
    return JsonResponse({"reminders": found or "ok"}, status=503 if found else 200)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, for whoever holds METRICS_TOKEN; without that setting there is no such page."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, settings.METRICS_TOKEN):
        raise Http404
    return HttpResponse(exposition(timezone.now()), content_type="text/plain; version=0.0.4; charset=utf-8")
