"""The addresses at which a mail provider tells us things. Whoever is not believed, or sends no JSON, hears 400."""

from collections.abc import Callable
from functools import wraps
from json import JSONDecodeError

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.urls import urlpatterns as provided
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import URLPattern


def answered(view: Callable) -> Callable:
    """A line in the log for each; anymail's own exceptions would write the tracebacks of every stranger's attempt."""

    @wraps(view)
    def hear(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (AnymailWebhookValidationFailure, JSONDecodeError, UnicodeDecodeError):
            return HttpResponseBadRequest()

    return hear


app_name = "anymail"
urlpatterns = [
    URLPattern(address.pattern, answered(address.callback), address.default_args, address.name) for address in provided
]
