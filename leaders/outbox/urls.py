from django.urls import path

from . import views

urlpatterns = [
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("demo/mailbox/", views.mailbox, name="mailbox"),
    path("demo/mailbox/<int:pk>/", views.mailbox_message, name="mailbox_message"),
    path("demo/mailbox/<int:pk>/letter/", views.mailbox_letter, name="mailbox_letter"),
    path("demo/mailbox/<int:pk>/letter.css", views.mailbox_letter_css, name="mailbox_letter_css"),
    path("demo/mailbox/files/<int:pk>/", views.mailbox_file, name="mailbox_file"),
]
