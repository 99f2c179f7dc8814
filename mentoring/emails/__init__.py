"""Mail about mentoring and coaching. Nothing here says what one of two people told us in confidence."""

from . import coaching, mentors, mentorships

__all__ = ["coaching", "mentors", "mentorships"]
