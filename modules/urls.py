from django.urls import path

from .views import people, teams, year

urlpatterns = [
    path("my/modules/", year.my_modules, name="my_modules"),
    path("my/modules/<int:number>/", year.my_module, name="my_module"),
    path("my/modules/<int:number>/feedback/", year.my_feedback, name="my_feedback"),
    path("my/reading/<int:pk>/", year.my_reading, name="my_reading"),
    path("my/materials/<int:pk>/", year.material, name="material"),
    path("my/catch-up/<int:pk>/", year.my_catch_up, name="my_catch_up"),
    path("my/people/", people.my_people, name="my_people"),
    path("my/team/", teams.my_team, name="my_team"),
    path("my/team/choices/", teams.my_choices, name="my_choices"),
    path("my/team/challenge/", teams.my_challenge, name="my_challenge"),
    path("my/team/log/", teams.my_experiment, name="my_experiment_new"),
    path("my/team/log/<int:pk>/", teams.my_experiment, name="my_experiment"),
]
