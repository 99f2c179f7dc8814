"""Screens of the office that belong to no single record."""

from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.views import defaults

from .admin import office_page

SHOWN_PER_KIND = 6
SHORTEST_QUERY = 2


def search(request):
    """Find a person, organisation, nomination or anything else that is searchable, by any of its words."""
    words = request.GET.get("q", "").strip()[:100]
    groups = []
    if len(words) >= SHORTEST_QUERY:
        for model, model_admin in admin.site._registry.items():
            if getattr(model_admin, "office_search", False) and model_admin.has_view_permission(request):
                found, _ = model_admin.get_search_results(request, model_admin.get_queryset(request), words)
                hits = [_hit(item) for item in found.distinct()[:SHOWN_PER_KIND]]
                if hits:
                    groups.append({"name": model._meta.verbose_name_plural, "hits": hits})
    return office_page(request, "office/search.html", title="Search", words=words, groups=groups)


def _hit(item) -> dict:
    try:
        url = reverse(f"admin:{item._meta.app_label}_{item._meta.model_name}_change", args=[item.pk])
    except NoReverseMatch:
        url = ""
    return {"label": str(item), "url": url, "detail": getattr(item, "office_detail", "")}


def not_found(request, exception):
    """What is not there: in the office's frame for those who are in it."""
    if not _is_inside(request):
        return defaults.page_not_found(request, exception)
    return office_page(request, "office/not_found.html", title="We could not find that page", status=404)


def not_open(request, exception):
    """What somebody of the office may not do, in its frame."""
    if not _is_inside(request):
        return defaults.permission_denied(request, exception)
    return office_page(request, "office/not_open.html", title="This page is not open to you", status=403)


def _is_inside(request) -> bool:
    return (
        request.path.startswith(reverse("admin:index"))
        and hasattr(request, "user")
        and admin.site.has_permission(request)
    )
