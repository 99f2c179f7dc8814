from django.conf import settings
from django.urls import path, re_path

from leaders.people.models import PrivacyRequest

from . import demo, views

urlpatterns = [
    path("my/", views.my_home, name="my_home"),
    path("my/done/", views.my_done, name="my_done"),
    path("my/dates/", views.my_dates, name="my_dates"),
    path("my/dates/calendar/", views.my_calendar_link, name="my_calendar_link"),
    path("calendar/<str:token>.ics", views.calendar_feed, name="calendar_feed"),
    path("my/messages/", views.my_messages, name="my_messages"),
    path("my/messages/<int:pk>/", views.my_message, name="my_message"),
    path("my/messages/files/<int:pk>/", views.my_message_file, name="my_message_file"),
    path("my/privacy/", views.my_privacy, name="my_privacy"),
    path("my/privacy/data/", views.my_data, name="my_data"),
    re_path(
        rf"^my/privacy/(?P<kind>{'|'.join(PrivacyRequest.Kind.values)})/$",
        views.my_privacy_request,
        name="my_privacy_request",
    ),
    path("help/", views.help_page, name="help"),
    path("accessibility/", views.public_page("accessibility"), name="accessibility"),
    path("privacy/", views.public_page("privacy_notice"), name="privacy"),
    path("cookies/", views.public_page("cookies"), name="cookies"),
]

if settings.DEMO:
    urlpatterns += [
        path("demo/", demo.demo, name="demo"),
        path("demo/enter/<int:pk>/", demo.enter, name="demo_enter"),
    ]
