"""Every address: each app's urls.py holds full paths from the root."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.urls.converters import IntConverter

from leaders.health import healthz

# A number that no row can have is no page; a database would refuse to look for it. Django lets nobody register
# another "int", and a name of our own would have to be remembered in every address.
IntConverter.regex = "[0-9]{1,18}"

# Inside the office they stand in its frame; elsewhere they are Django's own, with our templates.
handler403 = "leaders.office.views.not_open"
handler404 = "leaders.office.views.not_found"

urlpatterns = [
    path("healthz/", healthz, name="healthz"),
    path("office/", admin.site.urls),
    path("", include("leaders.people.urls")),
    path("", include("leaders.documents.urls")),
    path("", include("leaders.home.urls")),
    path("", include("leaders.outbox.urls")),
    path("", include("leaders.reminders.urls")),
    path("", include("cohorts.urls")),
    path("", include("nominations.urls")),
    path("", include("modules.urls")),
    path("", include("mentoring.urls")),
]
if settings.ANYMAIL.get("WEBHOOK_SECRET"):
    # The mail provider tells us here what bounced, with the secret and, where it can, its signature.
    urlpatterns.append(path("anymail/", include("leaders.outbox.webhooks")))
