"""Every address: each app's urls.py holds full paths from the root."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

from leaders.health import healthz


def standing(*names):
    """While the house is being built: only the rooms that stand."""
    return [path("", include(name)) for name in names if find_spec(name.split(".urls")[0]) and find_spec(name)]


urlpatterns = [
    path("healthz/", healthz, name="healthz"),
    path("office/", admin.site.urls),
    *standing(
        "leaders.people.urls",
        "leaders.documents.urls",
        "leaders.home.urls",
        "leaders.outbox.urls",
        "leaders.reminders.urls",
        "cohorts.urls",
        "nominations.urls",
        "modules.urls",
        "mentoring.urls",
    ),
]
