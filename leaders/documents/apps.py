from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class DocumentsConfig(AppConfig):
    name = "leaders.documents"

    def ready(self):
        autodiscover_modules("documents")
