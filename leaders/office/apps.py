from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.module_loading import autodiscover_modules


class OfficeAdminConfig(admin.AdminConfig):
    """Django's admin with our site in place of the stock one."""

    default = False
    default_site = "leaders.office.site.OfficeSite"


class OfficeConfig(AppConfig):
    default = True
    name = "leaders.office"
    verbose_name = "Office"

    def ready(self):
        # admin.py is the base of every app's pages; the ground floor's own are registered by the files beside it.
        from . import closing, messages_today, people, rights, schedule, trail  # noqa: F401
        from .messages import addresses, ledger  # noqa: F401

        autodiscover_modules("today")
