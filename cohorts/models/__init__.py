"""Programmes, their cohorts, a person's place in one, and what comes of it."""

from .case_studies import CaseStudy, PublishingWindow
from .cohorts import Cohort
from .graduation import Certificate, Narrative, NarrativeConsent, NarrativeVersion, Part, Quote
from .places import Extension, Place, Pulse, Waiver
from .programmes import Criterion, Programme, ProgrammeModule, ProgrammeRequirement

__all__ = [
    "CaseStudy",
    "Certificate",
    "Cohort",
    "Criterion",
    "Extension",
    "Narrative",
    "NarrativeConsent",
    "NarrativeVersion",
    "Part",
    "Place",
    "Programme",
    "ProgrammeModule",
    "ProgrammeRequirement",
    "PublishingWindow",
    "Pulse",
    "Quote",
    "Waiver",
]
