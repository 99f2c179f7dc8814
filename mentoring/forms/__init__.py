"""What participants, mentors and coaches fill in."""

from .coaching import PresentForm, SessionForm
from .matching import SHARES, ChoicesForm, ConflictForm, OfferForm, RestForm, WishesForm
from .mentorships import AgreementForm, EndForm, MeetingForm, NoteForm, PlanForm, ReviewForm, no_later_than

__all__ = [
    "SHARES", "AgreementForm", "ChoicesForm", "ConflictForm", "EndForm", "MeetingForm", "NoteForm", "OfferForm",
    "PlanForm", "PresentForm", "RestForm", "ReviewForm", "SessionForm", "WishesForm", "no_later_than",
]  # fmt: skip
