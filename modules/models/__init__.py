"""The programme's year: modules, who was there, and the teams' challenges."""

from .challenges import ChallengeChoice, Experiment, SystemsChallenge, Team, TeamMember, TeamPresentation
from .taking_part import Attendance, CatchUp, Feedback, Reading
from .year import Invite, Material, Module, Session, Speaker, Talk

__all__ = [
    "Attendance",
    "CatchUp",
    "ChallengeChoice",
    "Experiment",
    "Feedback",
    "Invite",
    "Material",
    "Module",
    "Reading",
    "Session",
    "Speaker",
    "SystemsChallenge",
    "Talk",
    "Team",
    "TeamMember",
    "TeamPresentation",
]
