"""The demo's front door: be any of its people with one button. These pages exist only where DEMO is set."""

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.module_loading import autodiscover_modules
from django.views.decorators.http import require_POST, require_safe

from leaders.people.demo import entrances


def _ways():
    autodiscover_modules("demo")
    return [way for part in entrances if (way := part.brings())]


@require_safe
def demo(request):
    """Who can be met here: a button for each person, a link for each private link."""
    return render(request, "home/demo.html", {"ways": _ways()})


@require_POST
def enter(request, pk):
    """Become one of the demo's people, second factor included."""
    person = next((way.person for way in _ways() if way.person and way.person.pk == pk), None)
    if person is None:
        raise Http404
    login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
    for method in ("code", "mfa"):
        record_authentication(request, person, method)
    return redirect("my_home")
