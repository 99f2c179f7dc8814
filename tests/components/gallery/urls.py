"""Every component on a few pages, for the browser tests alone."""

from django.urls import path
from django.views.generic import TemplateView

from tests.components.gallery import pages

urlpatterns = [
    path("", pages.home),
    path("nominate/", pages.nominate),
    path("question/", pages.question),
    path("one-question/", pages.one_question),
    path("parts/", pages.parts),
    path("sent/", pages.sent),
    *(
        path(f"{code}/", TemplateView.as_view(template_name=f"{code}.html"))
        for code in ("400", "403", "403_csrf", "404", "500")
    ),
    path("help/", pages.parts, name="help"),
    path("accessibility/", pages.parts, name="accessibility"),
    path("privacy/", pages.parts, name="privacy"),
    path("cookies/", pages.parts, name="cookies"),
]
