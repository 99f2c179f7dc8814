"""Rounds and invitations, nominations and applications, selection, offers, and equality returns."""

from .asked import Endorsement, Replacement
from .drafts import Clash, SharedSection
from .equality import EqualityReturn
from .halfway import SavedAnswer
from .nomination import Nomination
from .rounds import Invitation, NobodyThisTime, Round, TellMe
from .selection import Assessment, Decision, Offer, PanelMember, Score

__all__ = [
    "Assessment",
    "Clash",
    "Decision",
    "Endorsement",
    "EqualityReturn",
    "Invitation",
    "NobodyThisTime",
    "Nomination",
    "Offer",
    "PanelMember",
    "Replacement",
    "Round",
    "SavedAnswer",
    "Score",
    "SharedSection",
    "TellMe",
]
