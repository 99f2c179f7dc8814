"""What a visitor finds where there is only a button."""

from django.http import HttpResponseNotAllowed
from django.shortcuts import render


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
