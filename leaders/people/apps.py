from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PeopleConfig(AppConfig):
    name = "leaders.people"
    verbose_name = "People"

    def ready(self):
        from . import checks  # noqa: F401

        # Each app says in its own privacy.py what it holds about a person, in retention.py how that goes in time, in
        # keys.py what hangs on a field key, and in setup.py what it loads at first.
        autodiscover_modules("privacy", "retention", "keys", "setup")
