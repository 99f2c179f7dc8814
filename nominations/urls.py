"""The public pages of nominations, by private link; the panel's pages; the front page."""

from django.urls import path
from django.views.generic import TemplateView

page = TemplateView.as_view(template_name="components/plain_page.html")

urlpatterns = [
    path("", page, name="front"),
    path("nominate/", page, name="nominate"),
    path("nominate/i/<str:token>/", page, name="invitation"),
    path("nominate/n/<str:token>/", page, name="nomination"),
    path("nominate/r/<str:token>/", page, name="replacement"),
    path("nominate/s/<str:token>/", page, name="shared_section"),
    path("apply/a/<str:token>/", page, name="application"),
    path("accept/<str:token>/", page, name="nominee_accept"),
    path("endorse/<str:token>/", page, name="endorse"),
    path("offer/<str:token>/", page, name="offer"),
    path("equality/<str:token>/", page, name="equality"),
    path("panel/", page, name="panel"),
]
