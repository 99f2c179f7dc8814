"""The two questions of signing in, in our own words; allauth asks them."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context, ratelimit
from allauth.core.internal.ratelimit import get_ip


class AskForCodeForm(RequestLoginCodeForm):
    """Whose address it is. How often somebody may ask counts for this address from one place on the network.

    Counted for the address alone, anybody who knows it could keep its owner out.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        words = {
            "required": "Enter your email address",
            "invalid": "Enter an email address in full, like name@example.org",
        }
        self.fields["email"].error_messages.update(words)

    def clean_email(self):
        email = self.cleaned_data["email"]
        users = filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)
        key = f"{get_ip(context.request)} {email.lower()}"
        if not ratelimit.consume(context.request, action="request_login_code", key=key):
            raise get_adapter().validation_error("too_many_login_attempts")
        self._user = users[0] if users else None
        return email


class CodeForm(ConfirmLoginCodeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].error_messages["required"] = "Enter the code from our email"
        self.fields["code"].widget.attrs["class"] = "govuk-input--width-10"
