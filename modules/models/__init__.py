"""The programme's year: modules, who was there, the teams' challenges, the questionnaire, and learning."""

from .challenges import ChallengeChoice, Experiment, SystemsChallenge, Team, TeamMember, TeamPresentation
from .learning import (
    ContractComment,
    ContractVersion,
    Goal,
    LearningContract,
    LearningPlan,
    Party,
    Signature,
)
from .questionnaire import Response, Wave
from .taking_part import Attendance, CatchUp, Feedback, Reading
from .year import Invite, Material, Module, Session, Speaker, Talk

__all__ = [
    "Attendance",
    "CatchUp",
    "ChallengeChoice",
    "ContractComment",
    "ContractVersion",
    "Experiment",
    "Feedback",
    "Goal",
    "Invite",
    "LearningContract",
    "LearningPlan",
    "Material",
    "Module",
    "Party",
    "Reading",
    "Response",
    "Session",
    "Signature",
    "Speaker",
    "SystemsChallenge",
    "Talk",
    "Team",
    "TeamMember",
    "TeamPresentation",
    "Wave",
]
