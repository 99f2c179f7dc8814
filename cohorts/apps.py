from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CohortsConfig(AppConfig):
    name = "cohorts"

    def ready(self):
        autodiscover_modules("planning", "requirements", "facts")
