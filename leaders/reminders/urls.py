from django.urls import path

from .views import healthz_reminders, metrics

urlpatterns = [
    path("healthz/reminders", healthz_reminders, name="healthz_reminders"),
    path("healthz/reminders/", healthz_reminders, name="healthz_reminders_slash"),
    path("metrics", metrics, name="metrics"),
]
