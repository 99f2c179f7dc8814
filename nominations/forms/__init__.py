"""The forms of nominations, one for each page. Values go to the actions; nothing is saved here."""

from .answering import Acceptance, Endorse, HalfWay, Reason
from .pages import Attest, Choice, Share, form_of
from .reading import Reading
from .starting import Start, StartApplying, StartUnlisted, TellMe

__all__ = [
    "Acceptance",
    "Attest",
    "Choice",
    "Endorse",
    "HalfWay",
    "Reading",
    "Reason",
    "Share",
    "Start",
    "StartApplying",
    "StartUnlisted",
    "TellMe",
    "form_of",
]
