from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class RemindersConfig(AppConfig):
    name = "leaders.reminders"

    def ready(self):
        autodiscover_modules("reminders")
