"""Nominations as a spreadsheet."""

from leaders.office.exports import Column, Day, Sheet


class NominationSheet(Sheet):
    """Who nominates whom and how far it is. What people wrote, and decisions before their release, stay here."""

    reference = Column("Reference", "reference")
    cohort = Column("Cohort", "round__cohort__name")
    kind = Column("Kind", "get_kind_display")
    state = Column("State", "get_state_display")
    employer = Column("Organisation", "employer")
    nominee = Column("Nominee", "nominee_name")
    nominee_email = Column("Nominee's email", "nominee_email")
    nominee_role = Column("Nominee's job title", "nominee_role_title")
    service = Column("Service", "nominee_service")
    nominator = Column("Nominated by", "nominator_name")
    nominator_email = Column("Nominator's email", "nominator_email")
    started = Day("Started", "started_at")
    sent = Day("Sent", "sent_at")
    completed = Day("Complete", "completed_at")
