"""The graduation narrative, and words that may be quoted: always the author's own decision."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from cohorts.models import CaseStudy, Narrative, NarrativeConsent, NarrativeVersion, Part, Place, Quote
from leaders.documents.actions import forget_documents, request_document
from leaders.outbox.actions import post
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible


class StaleNarrative(NotPossible):
    """The narrative was saved elsewhere in the meantime; `saved` is what it says now."""

    def __init__(self, saved: Narrative):
        super().__init__("You saved this narrative in another window in the meantime. Both texts are kept below.")
        self.saved = saved


@transaction.atomic
def save_narrative(
    *, place: Place, self_text: str, us_text: str, now_text: str, version: int, by: Person, now: datetime
) -> Narrative:
    """Keep a draft. `version` is the one that was being edited, 0 for a new narrative; a stale one is refused."""
    _must_be_own(place, by)
    texts = {"self_text": self_text, "us_text": us_text, "now_text": now_text}
    narrative, is_new = Narrative.objects.get_or_create(
        place=place, defaults={**texts, "version": version + 1, "saved_at": now}
    )
    if is_new:
        _record("narrative_begun", f"{place.person} began their narrative", place, by, now)
        return narrative
    if narrative.version == version and all(getattr(narrative, name) == text for name, text in texts.items()):
        return narrative
    mine = Narrative.objects.filter(pk=narrative.pk, version=version)
    # Encrypted by the field on the way; update() keeps the check and the write one statement.
    if not mine.update(**texts, version=F("version") + 1, saved_at=now):
        raise StaleNarrative(narrative)
    narrative.refresh_from_db()
    return narrative


@transaction.atomic
def submit_narrative(*, place: Place, by: Person, now: datetime) -> NarrativeVersion:
    """The narrative is finished, for now: this version is kept. It may be changed and submitted again."""
    _must_be_own(place, by)
    narrative = Narrative.objects.select_for_update().filter(place=place).first()
    if narrative is None or not narrative.is_complete:
        raise NotPossible("Write all three parts before you submit: a few sentences each are enough.")
    last = narrative.versions.first()
    if last and all(getattr(last, f"{part}_text") == text for part, text in narrative.texts.items()):
        return last
    narrative.submitted_at = now
    narrative.save(update_fields=["submitted_at"])
    version = NarrativeVersion.objects.create(
        narrative=narrative, number=last.number + 1 if last else 1, submitted_at=now, self_text=narrative.self_text,
        us_text=narrative.us_text, now_text=narrative.now_text,
    )  # fmt: skip
    _record("narrative_submitted", f"{place.person} submitted their narrative", place, by, now, version=version.number)
    return version


@transaction.atomic
def consent_to_part(*, place: Place, part: str, by: Person, now: datetime) -> NarrativeConsent:
    """The author lets the programme read and quote from one part of their submitted narrative."""
    _must_be_own(place, by)
    narrative = Narrative.objects.filter(place=place, submitted_at__isnull=False).first()
    if narrative is None:
        raise NotPossible("Submit your narrative first.")
    consent, is_new = NarrativeConsent.objects.get_or_create(
        narrative=narrative, part=Part(part), withdrawn_at=None, defaults={"given_at": now}
    )
    if is_new:
        _record("consent_given", f"{place.person} lets us quote from their narrative", place, by, now, part=part)
    return consent


@transaction.atomic
def withdraw_part(*, place: Place, part: str, by: Person, now: datetime) -> None:
    """The author takes that back: every quotation from the part disappears at once."""
    if by != place.person:
        raise NotPossible("Only the person themselves can do this.")
    narrative = Narrative.objects.filter(place=place).first()
    if not NarrativeConsent.objects.filter(narrative=narrative, part=Part(part), withdrawn_at=None).update(
        withdrawn_at=now
    ):
        return
    _record("consent_withdrawn", f"{place.person} no longer lets us quote from a part", place, by, now, part=part)
    if Quote.objects.filter(place=place, part=part, withdrawn_at=None).update(withdrawn_at=now):
        _renew_case_study(place, now)


@transaction.atomic
def offer_quote(*, place: Place, words: str, shown_as: str, by: Person, now: datetime) -> Quote:
    """A participant offers words of their own to be published."""
    _must_be_own(place, by)
    quote = Quote.objects.create(
        place=place, words=words.strip(), shown_as=Quote.ShownAs(shown_as), asked_at=now, agreed_at=now
    )
    _record("quote_offered", f"{place.person} offered words to quote", place, by, now)
    return quote


@transaction.atomic
def propose_quote(*, place: Place, words: str, by: Person, now: datetime, part: str = "") -> Quote:
    """The office asks to publish words of a participant.

    Words copied from a part of the narrative that the author opened for this are agreed already, without a
    name; for all others the author is asked. Raises NotPossible for words that the part does not contain.
    """
    words = words.strip()
    agreed_at = None
    if part:
        consent = NarrativeConsent.objects.filter(narrative__place=place, part=Part(part), withdrawn_at=None).first()
        latest = NarrativeVersion.objects.filter(narrative__place=place).first()
        if consent is None or latest is None:
            raise NotPossible(f"{place.person} has not opened this part for quotation.")
        if " ".join(words.split()) not in " ".join(getattr(latest, f"{part}_text").split()):
            raise NotPossible("These words are not in the narrative: quote it word for word.")
        agreed_at = now
    quote = Quote.objects.create(place=place, words=words, part=part, asked_at=now, agreed_at=agreed_at)
    _record("quote_proposed", f"{by} asked to quote {place.person}", place, by, now)
    if not agreed_at:
        post(
            "cohorts.quote_asked", to=place.person, now=now, dedupe_key=f"quote:{quote.pk}:asked", about=place,
            cohort_id=place.cohort_id, quote=quote,
        )  # fmt: skip
    return quote


@transaction.atomic
def agree_quote(*, quote: Quote, shown_as: str, by: Person, now: datetime) -> Quote:
    """The author agrees to words being published, and says how they are shown. It can also change the latter."""
    _must_be_own(quote.place, by)
    quote = Quote.objects.select_for_update().get(pk=quote.pk)
    if quote.withdrawn_at:
        raise NotPossible("You said no to these words. The programme office can ask you again.")
    quote.agreed_at = quote.agreed_at or now
    quote.shown_as = Quote.ShownAs(shown_as)
    quote.save(update_fields=["agreed_at", "shown_as"])
    _record("quote_agreed", f"{quote.place.person} agreed to be quoted", quote.place, by, now)
    if quote.is_chosen:
        _renew_case_study(quote.place, now)
    return quote


@transaction.atomic
def withdraw_quote(*, quote: Quote, by: Person | None, now: datetime) -> Quote:
    """The author says no, before or after publication; the words disappear at once. Saying it twice changes nothing."""
    if by is not None and not by.is_staff and by != quote.place.person:
        raise NotPossible("Only the person themselves can do this.")
    if Quote.objects.filter(pk=quote.pk, withdrawn_at=None).update(withdrawn_at=now):
        _record("quote_withdrawn", f"{quote.place.person} is no longer quoted", quote.place, by, now)
        _renew_case_study(quote.place, now)
    quote.refresh_from_db()
    return quote


@transaction.atomic
def choose_quote(*, quote: Quote, chosen: bool, by: Person, now: datetime) -> Quote:
    """The office takes a quotation into its case study, or out again.

    Words that come in are part of what a second person approves, so an approval no longer holds; words can leave a
    published study at any time.
    """
    if chosen and not quote.is_agreed:
        raise NotPossible(f"{quote.place.person} has not agreed to be quoted.")
    study = CaseStudy.objects.select_for_update(no_key=True).filter(cohort=quote.place.cohort_id).first()
    if chosen and study and study.state == CaseStudy.State.PUBLISHED:
        raise NotPossible("It is published. Withdraw it before you add words to it.")
    if Quote.objects.filter(pk=quote.pk).exclude(is_chosen=chosen).update(is_chosen=chosen):
        what = "was taken into" if chosen else "was taken out of"
        sentence = f"A quotation of {quote.place.person} {what} the case study"
        _record("quote_chosen", sentence, quote.place, by, now, chosen=chosen)
        if chosen and study:
            CaseStudy.objects.filter(pk=study.pk, state=CaseStudy.State.APPROVED).update(
                state=CaseStudy.State.DRAFT, approved_at=None, approved_by=None
            )
        _renew_case_study(quote.place, now)
    quote.refresh_from_db()
    return quote


def _renew_case_study(place: Place, now: datetime) -> None:
    """The PDF of a published case study is made again: nobody gets one with words that may not be read."""
    study = CaseStudy.objects.filter(cohort=place.cohort_id).first()
    if study is None:
        return
    forget_documents("cohorts.case_study", subject=study)
    if study.state == CaseStudy.State.PUBLISHED:
        request_document("cohorts.case_study", subject=study, now=now)


def _must_be_own(place: Place, by: Person) -> None:
    if by != place.person:
        raise NotPossible("Only the person themselves can do this.")
    if place.status not in {Place.Status.ACTIVE, Place.Status.GRADUATED}:
        raise NotPossible("You are not taking part in this cohort.")


def _record(what: str, sentence: str, place: Place, by, now: datetime, **detail) -> None:
    record(
        f"cohorts.place.{what}", sentence, subject=place, person=place.person, cohort_id=place.cohort_id, by=by,
        now=now, **detail,
    )  # fmt: skip
