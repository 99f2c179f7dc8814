from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ModulesConfig(AppConfig):
    name = "modules"

    def ready(self):
        autodiscover_modules("readers")
