from django.urls import path, re_path

from .views import contract, learning, people, plan, questionnaires, signing, teams, year

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
    path("my/learning/", learning.my_learning, name="my_learning"),
    path("my/questionnaires/<int:pk>/", questionnaires.my_questionnaire, name="my_questionnaire"),
    path(
        "my/questionnaires/<int:pk>/<int:number>/",
        questionnaires.my_questionnaire_page,
        name="my_questionnaire_page",
    ),
    path("my/questionnaires/<int:pk>/send/", questionnaires.my_send, name="my_send"),
    path("my/questionnaires/<int:pk>/results/", questionnaires.my_results, name="my_results"),
    re_path(
        r"^my/questionnaires/(?P<pk>\d+)/results/share/(?P<whom>sponsor|mentor)/$",
        questionnaires.my_results_share,
        name="my_results_share",
    ),
    path("my/learning-plan/", plan.my_plan, name="my_plan"),
    path("my/learning-plan/goal/", plan.my_goal, name="my_goal_new"),
    path("my/learning-plan/goal/<int:pk>/", plan.my_goal, name="my_goal"),
    path("my/learning-plan/goal/<int:pk>/review/", plan.my_goal_review, name="my_goal_review"),
    re_path(r"^my/learning-plan/share/(?P<whom>sponsor|mentor)/$", plan.my_plan_share, name="my_plan_share"),
    path("my/contract/", contract.my_contract, name="my_contract"),
    path("my/contract/<slug:key>/", contract.my_contract_section, name="my_contract_section"),
    path("sign/<str:token>/", signing.sign, name="sign_contract"),
    path("sign/<str:token>/pdf/", signing.pdf, name="sign_contract_pdf"),
]
