"""Mentors and mentorships as spreadsheets: who, with whom and since when; never what anybody wrote."""

from leaders.office.exports import Column, Day, Sheet


class MentorSheet(Sheet):
    name = Column("Name", "person__name")
    email = Column("Email", "person__email")
    organisation = Column("Organisation", "person__organisation__name")
    role_title = Column("Job title", "person__role_title")
    status = Column("Status", "get_status_display")
    mentees = Column("Mentees now", "active")
    capacity = Column("Mentees at most", "capacity")
    trained = Day("Last trained", "last_trained")
    resting = Day("Resting until", "resting_until")
    joined = Day("Joined", "joined_at")


class MentorshipSheet(Sheet):
    cohort = Column("Cohort", "cohort__name")
    mentee = Column("Participant", "place__person__name")
    mentee_email = Column("Participant's email", "place__person__email")
    mentor = Column("Mentor", "mentor__person__name")
    mentor_email = Column("Mentor's email", "mentor__person__email")
    state = Column("State", "get_state_display")
    told = Day("Told", "told_at")
    begun = Day("Begun", "begun_at")
    meetings = Column("Meetings", "meetings_count")
    last_met = Day("Last met", "latest")
    ended = Day("Ended", "ended_at")
