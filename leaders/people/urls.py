"""Sign-in: a code by email for everybody; staff confirm with an authenticator app or a passkey.

Only the pages of allauth that this needs: there are no passwords, so none of the pages about them.
"""

from allauth.account import views as account
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path(
        "accounts/login/",
        RedirectView.as_view(pattern_name="account_request_login_code", query_string=True),
        name="account_login",
    ),
    path("accounts/sign-in/", account.request_login_code, name="account_request_login_code"),
    path("accounts/sign-in/code/", account.confirm_login_code, name="account_confirm_login_code"),
    path("accounts/sign-out/", account.logout, name="account_logout"),
    path("accounts/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/second-factor/", include("allauth.mfa.urls")),
]
