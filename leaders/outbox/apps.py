from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OutboxConfig(AppConfig):
    name = "leaders.outbox"

    def ready(self):
        from . import bounces, checks  # noqa: F401  listens to the mail provider, and asks for its secret

        autodiscover_modules("emails")
