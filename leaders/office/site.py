"""The programme office: the stock admin with a front page, a menu by task, search and timelines."""

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone

from leaders.people.second_factor import used_second_factor

from .admin import OfficeAdmin
from .today import today

PASSWORD_PAGES = {"password_change", "password_change_done"}


class OfficeSite(AdminSite):
    """Open to staff who have a second factor; others are shown how to get one."""

    site_header = "Programme office"
    site_title = "Programme office"
    index_title = "Today"
    index_template = "office/today.html"
    enable_nav_sidebar = True

    def register(self, model_or_iterable, admin_class=None, **options):
        """Only pages made for the office: what libraries register for themselves stays out."""
        if admin_class and issubclass(admin_class, OfficeAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request):
        user = request.user
        return user.is_active and user.is_staff and used_second_factor(request)

    def login(self, request, extra_context=None):
        """Where those go who may not enter yet: to sign in, to set up or show their second factor, or home."""
        wanted = request.GET.get("next", reverse("admin:index"))
        if not request.user.is_authenticated:
            return redirect_to_login(wanted, reverse("account_login"))
        if not request.user.is_staff:
            return redirect("my_home")
        if is_mfa_enabled(request.user):
            ways = get_adapter(request).get_reauthentication_methods(request.user)
            return redirect_to_login(wanted, ways[0]["url"])
        return redirect("mfa_index")

    def get_urls(self):
        from . import people, rights, views

        extra = [
            path("search/", self.admin_view(views.search), name="search"),
            path("people/person/<int:pk>/timeline/", self.admin_view(people.timeline), name="people_timeline"),
            path(
                "people/privacyrequest/<int:pk>/answer/",
                self.admin_view(rights.answer_request),
                name="people_answer_request",
            ),
            path("people/person/<int:pk>/erase/", self.admin_view(rights.erase), name="people_erase"),
            path("people/retention/", self.admin_view(rights.retention), name="people_retention"),
            path("people/retention/<str:key>/", self.admin_view(rights.expire), name="people_expire"),
            path("people/person/<int:pk>/roles/", self.admin_view(people.roles), name="people_roles"),
            path(
                "people/person/<int:pk>/roles/<str:step>/<str:role>/", self.admin_view(people.role), name="people_role"
            ),
        ]
        # Nobody has a password here; a resolver has no name.
        stock = [url for url in super().get_urls() if getattr(url, "name", None) not in PASSWORD_PAGES]
        return extra + stock

    def index(self, request, extra_context=None):
        now = timezone.now()
        return super().index(request, {"today": today(request.user, now), "now": now, **(extra_context or {})})

    def app_index(self, request, app_label, extra_context=None):
        """The office has tasks, not apps: an app's address leads to the menu on the front page."""
        return redirect("admin:index")

    def get_app_list(self, request, app_label=None):
        """The menu by task instead of by app."""
        apps = super().get_app_list(request, app_label)
        menus: dict[str, list] = {menu: [] for menu in OfficeAdmin.MENUS}
        for app in apps:
            for entry in app["models"]:
                model_admin = self._registry[entry["model"]]
                menu = menus.setdefault(getattr(model_admin, "menu", "Settings"), [])
                menu.append((getattr(model_admin, "menu_order", 50), entry["name"], entry))
                for screen in getattr(model_admin, "screens", ()):
                    menu.append((screen.order, screen.label, self._screen(screen)))
        self._mark(request, [entry for entries in menus.values() for _order, _name, entry in entries])
        return [
            {
                "name": menu,
                "app_label": menu.lower(),
                "app_url": "",
                "has_module_perms": True,
                "models": [entry for order, name, entry in sorted(entries, key=lambda found: found[:2])],
            }
            for menu, entries in menus.items()
            if entries
        ]

    def _mark(self, request, entries: list[dict]) -> None:
        """Mark what the open page belongs to: the screen that names it, else the list under whose address it lies."""
        name = getattr(request.resolver_match, "url_name", "")
        under = [entry for entry in entries if entry.get("admin_url") and request.path.startswith(entry["admin_url"])]
        nearest = sorted(under, key=lambda entry: len(entry["admin_url"]), reverse=True)
        named = [entry for entry in entries if name in entry.get("pages", ())]
        for entry in (named or nearest)[:1]:
            entry["is_current"] = True

    def _screen(self, screen) -> dict:
        try:
            url = reverse(f"admin:{screen.url_name}")
        except NoReverseMatch:
            url = ""
        return {
            "name": screen.label,
            "object_name": screen.url_name,
            "pages": screen.pages,
            "admin_url": url,
            "add_url": None,
            "view_only": True,
            "perms": {"add": False, "change": False, "delete": False, "view": True},
        }
