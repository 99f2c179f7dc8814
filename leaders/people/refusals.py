"""Why something cannot be done, in the user's words."""


class NotPossible(Exception):
    """An action that cannot be taken from here; the message says why and what to do."""
