"""The public pages of nominations, by private link; the panel's pages; the front page."""

from django.urls import path

from .views import answers, equality, panel, public, shared
from .views.drafts import afterwards, checking, filling


def journey(prefix: str, name: str) -> list:
    """The pages of one draft: the same for nominations and applications."""
    return [
        path(f"{prefix}/<str:token>/", filling.tasks, name=name),
        path(f"{prefix}/<str:token>/check/", checking.check, name=f"{name}_check"),
        path(f"{prefix}/<str:token>/sent/", checking.sent, name=f"{name}_sent"),
        path(f"{prefix}/<str:token>/copy/", checking.copy, name=f"{name}_copy"),
        path(f"{prefix}/<str:token>/link/", afterwards.mail_link, name=f"{name}_link"),
        path(f"{prefix}/<str:token>/delete/", afterwards.delete, name=f"{name}_delete"),
        path(f"{prefix}/<str:token>/withdraw/", afterwards.withdraw, name=f"{name}_withdraw"),
        path(f"{prefix}/<str:token>/both/<int:pk>/", filling.both, name=f"{name}_both"),
        path(f"{prefix}/<str:token>/share/", shared.share, name=f"{name}_share"),
        path(f"{prefix}/<str:token>/share/<int:pk>/revoke/", shared.revoke, name=f"{name}_revoke"),
        path(f"{prefix}/<str:token>/nobody/", afterwards.nobody, name=f"{name}_nobody"),
        path(f"{prefix}/<str:token>/replace/", afterwards.replace, name=f"{name}_replace"),
        path(f"{prefix}/<str:token>/substitute/", afterwards.substitute, name=f"{name}_substitute"),
        path(f"{prefix}/<str:token>/<path:page>/", filling.page, name=f"{name}_page"),
    ]


urlpatterns = [
    path("", public.front, name="front"),
    path("tell-me/<slug:slug>/", public.tell, name="tell_me"),
    path("nominate/", public.nominate, name="nominate"),
    path("nominate/<slug:slug>/start/", public.start, name="nominate_start"),
    path("nominate/<slug:slug>/questions/", public.questions, name="nominate_questions"),
    path("nominate/i/<str:token>/", public.invitation, name="invitation"),
    path("nominate/i/<str:token>/nobody/", public.invitation_nobody, name="invitation_nobody"),
    path("nominate/r/<str:token>/", answers.replacement, name="replacement"),
    path("nominate/s/<str:token>/", shared.section, name="shared_section"),
    path("nominate/s/<str:token>/<path:page>/", shared.page, name="shared_page"),
    *journey("nominate/n", "nomination"),
    path("apply/", public.apply, name="apply"),
    path("apply/<slug:slug>/start/", public.start_applying, name="apply_start"),
    *journey("apply/a", "application"),
    path("new-link/<str:purpose>/<str:token>/", public.new_link, name="new_link"),
    path("accept/<str:token>/", answers.nominee, name="nominee_accept"),
    path("accept/<str:token>/statement/", answers.statement, name="nominee_statement"),
    path("accept/<str:token>/saved/", answers.nominee_saved, name="nominee_saved"),
    path("accept/<str:token>/both/<int:pk>/", answers.nominee_both, name="nominee_both"),
    path("accept/<str:token>/decline/", answers.decline, name="nominee_decline"),
    path("endorse/<str:token>/", answers.endorse, name="endorse"),
    path("endorse/<str:token>/decline/", answers.endorse_decline, name="endorse_decline"),
    path("endorse/<str:token>/saved/", answers.endorse_saved, name="endorse_saved"),
    path("endorse/<str:token>/both/<int:pk>/", answers.endorse_both, name="endorse_both"),
    path("offer/<str:token>/", answers.offer, name="offer"),
    path("equality/<str:token>/", equality.equality, name="equality"),
    path("panel/", panel.panel, name="panel"),
    path("panel/<int:pk>/", panel.read, name="panel_read"),
    path("panel/<int:pk>/conflict/", panel.conflict, name="panel_conflict"),
]
