from django.apps import AppConfig


class ComponentsConfig(AppConfig):
    name = "leaders.components"
    label = "components"
    verbose_name = "Look of pages and forms"
