from django.urls import path

from .views import healthz_reminders

urlpatterns = [path("healthz/reminders", healthz_reminders, name="healthz_reminders")]
