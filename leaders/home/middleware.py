"""What a visitor finds where there is only a button, and the office after its session has ended."""

from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from .kept import kept


def say_where_only_a_button_leads(get_response):
    """Put a page in the place of Django's empty answer to an address that only a button opens, as a reload does."""

    def answered(request):
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page

    return answered


def give_back_what_the_office_wrote(get_response):
    """Where a form of the office came too late, give its words back instead of asking to sign in and losing them.

    The office guards its pages by itself, so no view of ours is asked: see `kept.py` for pages where one is. Whoever is
    signed in and has no business there is sent away as ever.
    """

    def answered(request):
        response = get_response(request)
        if request.method != "POST" or not isinstance(response, HttpResponseRedirect):
            return response
        is_stranger = request.user.is_authenticated and not request.user.is_staff
        if is_stranger or not response.url.startswith(reverse("admin:login")):
            return response
        context = {"kept": kept(request), "sign_in_url": reverse("admin:index")}
        page = render(request, "home/signed_out.html", context, status=403)
        add_never_cache_headers(page)
        return page

    return answered
