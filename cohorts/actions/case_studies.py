"""A cohort's case study: assembled from records, edited, approved by a second person, published, withdrawn."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from cohorts.case_studies import first_texts
from cohorts.graduation import gather_facts
from cohorts.models import CaseStudy, Cohort, PublishingWindow
from leaders.components.dates import day, london_date
from leaders.documents.actions import forget_documents, request_document
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible

State = CaseStudy.State
WORDS = ("title", "summary", *CaseStudy.TEXTS)


@transaction.atomic
def assemble_case_study(*, cohort: Cohort, by: Person, now: datetime) -> CaseStudy:
    """A first draft from the cohort's own records; the one that exists already, unchanged, when there is one."""
    facts = gather_facts(cohort, now)
    study, is_new = CaseStudy.objects.get_or_create(
        cohort=cohort,
        defaults={
            "slug": cohort.slug, "facts": [asdict(fact) for fact in facts], "edited_at": now, "edited_by": by,
            **first_texts(cohort, facts),
        },
    )  # fmt: skip
    if is_new:
        _record("assembled", f"{by} assembled the case study of {cohort}", study, by, now)
    return study


@transaction.atomic
def edit_case_study(*, case_study: CaseStudy, version: int, by: Person, now: datetime, **words: str) -> CaseStudy:
    """Change its words (any of `WORDS`); an approval no longer holds. `version` is the one that was being edited."""
    study = _fresh(case_study, version)
    for name, text in words.items():
        if name not in WORDS:
            raise TypeError(f"A case study has no {name}.")
        setattr(study, name, text)
    return _edited(study, by, now, f"{by} edited {study}")


@transaction.atomic
def refresh_facts(*, case_study: CaseStudy, version: int, by: Person, now: datetime) -> CaseStudy:
    """Take the figures from the records as they are now; the words stay."""
    study = _fresh(case_study, version)
    study.facts = [asdict(fact) for fact in gather_facts(study.cohort, now)]
    return _edited(study, by, now, f"{by} took new figures into {study}")


@transaction.atomic
def approve_case_study(*, case_study: CaseStudy, version: int, by: Person, now: datetime) -> CaseStudy:
    """A second person, not the last editor, agrees to the text as it stands in `version`."""
    study = _fresh(case_study, version)
    if study.state != State.DRAFT:
        raise NotPossible(f"{study} is {study.get_state_display().lower()}: only a draft can be approved.")
    if study.edited_by_id == by.pk:
        raise NotPossible("You edited this text last. Somebody else approves it.")
    if not all(getattr(study, name).strip() for name in WORDS if name != "challenges"):
        raise NotPossible("Some of its texts are still empty.")
    study.state, study.approved_at, study.approved_by = State.APPROVED, now, by
    study.save()
    _record("approved", f"{by} approved {study}", study, by, now, version=version)
    return study


@transaction.atomic
def publish_case_study(*, case_study: CaseStudy, by: Person, now: datetime, reason: str = "") -> CaseStudy:
    """Open its public page and make its PDF. In a pre-election window it waits, or needs a reason that is kept."""
    study = _fresh(case_study)
    if study.state != State.APPROVED:
        raise NotPossible("Only an approved case study can be published.")
    for window in PublishingWindow.objects.on(london_date(now)):
        until = f"until {day(window.ends_on)}"
        if window.is_strict:
            raise NotPossible(f"Nothing is published before the election ({window.name}), {until}.")
        if not reason.strip():
            raise NotPossible(f"This is a pre-election period ({window.name}), {until}. Give a reason to publish now.")
    study.state, study.published_at, study.withdrawn_at = State.PUBLISHED, now, None
    study.save()
    request_document("cohorts.case_study", subject=study, now=now)
    _record("published", f"{by} published {study}", study, by, now, reason=reason)
    return study


@transaction.atomic
def withdraw_case_study(*, case_study: CaseStudy, reason: str, by: Person, now: datetime) -> CaseStudy:
    """Take it off the public pages. Editing it makes it a draft again."""
    study = _fresh(case_study)
    if study.state != State.PUBLISHED:
        raise NotPossible("Only a published case study can be withdrawn.")
    study.state, study.withdrawn_at = State.WITHDRAWN, now
    study.save()
    forget_documents("cohorts.case_study", subject=study)
    _record("withdrawn", f"{by} withdrew {study}", study, by, now, reason=reason)
    return study


def _fresh(case_study: CaseStudy, version: int | None = None) -> CaseStudy:
    """The row as it is now, locked; refused when it was edited since `version`."""
    study = CaseStudy.objects.select_for_update(of=("self",)).select_related("cohort__programme").get(pk=case_study.pk)
    if version is not None and study.version != version:
        raise NotPossible("This case study was edited since you opened it. Read it again.")
    return study


def _edited(study: CaseStudy, by: Person, now: datetime, sentence: str) -> CaseStudy:
    if study.state == State.PUBLISHED:
        raise NotPossible("It is published. Withdraw it before you edit it.")
    study.state, study.approved_at, study.approved_by = State.DRAFT, None, None
    study.version += 1
    study.edited_at, study.edited_by = now, by
    study.save()
    forget_documents("cohorts.case_study", subject=study)
    _record("edited", sentence, study, by, now)
    return study


def _record(what: str, sentence: str, study: CaseStudy, by, now: datetime, /, *, reason: str = "", **detail) -> None:
    record(
        f"cohorts.case_study.{what}", sentence, subject=study, cohort_id=study.cohort_id, by=by, now=now,
        reason=reason, **detail,
    )  # fmt: skip
