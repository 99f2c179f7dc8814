from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OutboxConfig(AppConfig):
    name = "leaders.outbox"

    def ready(self):
        # Listens to the mail provider, asks for its secret, and looks once more at what was written to a group.
        from . import bounces, checks, group_letters  # noqa: F401

        autodiscover_modules("emails", "addressees")
