"""Finding a certificate by its check code, however it was typed."""

from .models import Certificate


def tidy_code(typed: str) -> str:
    """7F3K-2QXD for "7f3k 2qxd": upper case, letters and figures only, four and four."""
    letters = "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
    return f"{letters[:4]}-{letters[4:]}"


def find_certificate(typed: str) -> Certificate | None:
    """The certificate of that code, valid or revoked; None when there is none."""
    found = Certificate.objects.select_related("place__cohort__programme").filter(code=tidy_code(typed))
    return found.first()
