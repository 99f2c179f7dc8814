from django.urls import path

from .views import my, public

urlpatterns = [
    path("programmes/<slug:slug>/", public.programme, name="programme"),
    path("case-studies/", public.case_studies, name="case_studies"),
    path("case-studies/<slug:slug>/", public.case_study, name="case_study"),
    path("case-studies/<slug:slug>/pdf/", public.case_study_pdf, name="case_study_pdf"),
    path("certificates/", public.check_certificate, name="check_certificate"),
    path("certificates/<str:code>/", public.certificate, name="certificate"),
    path("my/graduation/", my.graduation, name="my_graduation"),
    path("my/graduation/in-touch/", my.in_touch, name="my_in_touch"),
    path("my/graduation/since/<int:months>/", my.pulse, name="my_pulse"),
    path("my/narrative/", my.narrative, name="my_narrative"),
    path("my/narrative/consent/<str:part>/", my.consent, name="my_narrative_consent"),
    path("my/narrative/quotes/", my.offer, name="my_quote_offer"),
    path("my/narrative/quotes/<int:pk>/", my.quote, name="my_quote"),
    path("my/details/", my.details, name="my_details"),
]
