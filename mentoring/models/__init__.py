"""Mentors and mentees, the runs that match them, the relationship that follows, and coaching groups."""

from .coaching import Coach, CoachingAttendance, CoachingGroup, CoachingGroupMember, CoachingSession
from .matching import Dial, MatchQuestion, MatchRun, Ruling, RunPair
from .mentees import MenteeProfile, Preference
from .mentors import Conflict, Mentor, MentorTraining, Mode
from .mentorships import Agreement, Meeting, Mentorship, MentorshipReview, PrivateNote, Side
from .rules import MatchCriterion, MentoringRules
from .service import ServiceRecord

__all__ = [
    "Agreement",
    "Coach",
    "CoachingAttendance",
    "CoachingGroup",
    "CoachingGroupMember",
    "CoachingSession",
    "Conflict",
    "Dial",
    "MatchCriterion",
    "MatchQuestion",
    "MatchRun",
    "Meeting",
    "MenteeProfile",
    "Mentor",
    "MentorTraining",
    "MentoringRules",
    "Mentorship",
    "MentorshipReview",
    "Mode",
    "Preference",
    "PrivateNote",
    "Ruling",
    "RunPair",
    "ServiceRecord",
    "Side",
]
