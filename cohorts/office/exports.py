"""Places as a spreadsheet."""

from leaders.office.exports import Column, Day, Sheet


class PlaceSheet(Sheet):
    """Who takes part. Access needs and reasons for leaving stay here."""

    programme = Column("Programme", "cohort__programme__short_name")
    cohort = Column("Cohort", "cohort__name")
    name = Column("Name", "person__name")
    email = Column("Email", "person__email")
    organisation = Column("Organisation", "organisation__name")
    role_title = Column("Job title", "role_title")
    service = Column("Service", "service")
    sponsor = Column("Sponsor", "sponsor__name")
    sponsor_email = Column("Sponsor's email", "sponsor__email")
    status = Column("Status", "get_status_display")
    accepted = Day("Accepted", "accepted_at")
    left = Day("Left", "left_at")
    graduated = Day("Graduated", "graduated_at")
