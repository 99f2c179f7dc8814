from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OutboxConfig(AppConfig):
    name = "leaders.outbox"

    def ready(self):
        autodiscover_modules("emails")
