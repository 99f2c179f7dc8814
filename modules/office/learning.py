"""Learning in the office: contracts to read and sign, and who answered the questionnaire. Never an answer."""

from django.contrib import admin, messages
from django.db.models import Count, Exists, F, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Cohort, Place
from leaders.components.dates import day_month, london_date
from leaders.documents.actions import request_document
from leaders.office.admin import confirm, office_page
from leaders.people.refusals import NotPossible
from modules import scoring
from modules.actions import sign_contract
from modules.aggregates import COUNTED, change_of, is_over, responses_of
from modules.contract import SECTIONS
from modules.models import LearningContract, Party, Response, Wave
from modules.scoring import STANDARD, Band, Level

CONTRACTS = "admin:modules_learningcontract_changelist"
ANYBODY, LATE = "anybody", "late"
LIVE = {"place__status": Place.Status.ACTIVE, "place__cohort__status": Cohort.Status.LIVE}
LEVELS = {
    Level.PRIORITY: f"under {STANDARD.priority_below}",
    Level.DEVELOP: f"{STANDARD.priority_below} to under {STANDARD.develop_below}",
    Level.STRENGTH: f"{STANDARD.develop_below} or more",
}
ALPHA = {Band.WEAK: "weak", Band.CAUTION: "with caution", Band.GOOD: "good", Band.REPETITIVE: "items may repeat"}


def _contract(pk) -> LearningContract:
    found = LearningContract.objects.select_related(
        "place__person", "place__organisation", "place__sponsor", "place__line_manager",
        "place__cohort__programme", "place__cohort__contact",
    ).prefetch_related("signatures", "comments")  # fmt: skip
    return get_object_or_404(found, pk=pk)


def contract(request, pk):
    """One contract as it was sent, with its signatures and comments."""
    found = _contract(pk)
    version = found.sent_version
    texts = found.words_of(version) if version else {}
    signed = found.signed(version) if version else {}
    ready = version == found.version and Party.PROGRAMME not in signed
    if request.method == "POST" and version:
        return redirect("document", request_document("modules.learning_contract", subject=found, now=timezone.now()).pk)
    return office_page(
        request,
        "office/modules/contract.html",
        title=str(found),
        contract=found,
        sections=[(section.title, texts.get(section.key, "")) for section in SECTIONS] if version else [],
        parties=[(Party(party).label, signed.get(party)) for party in Party.values],
        comments=found.comments.all(),
        sign_url=reverse("admin:modules_learningcontract_sign", args=[pk, version]) if ready and version else "",
        back=reverse(CONTRACTS),
    )


def sign(request, pk, version):
    """Sign one contract for the programme, in the version that was read."""
    found = _contract(pk)

    def act(reason):
        sign_contract(
            contract=found, party=Party.PROGRAMME, name=request.user.name, version=version, by=request.user,
            now=timezone.now(),
        )  # fmt: skip
        return f"You signed the learning contract of {found.place.person} for the programme."

    return confirm(
        request, title=f"Sign for the programme: {found.place.person}", act=act, button="Sign for the programme",
        lines=[f"{found.place.person}, {found.place.organisation}, {found.place.cohort}", f"Version {version}"],
        explain=f"Your name, {request.user.name}, stands under it. With the third signature the contract is agreed "
        "and the participant is told.",
        back=reverse("admin:modules_learningcontract_read", args=[pk]),
    )  # fmt: skip


@admin.action(description="Sign for the programme")
def sign_many(modeladmin, request, queryset):
    """Sign those that the participant and the sponsor have signed; the others stay as they are.

    The confirmation says which, in which version: what became ready after it was shown, or changed, is not signed.
    """
    found = queryset.select_related("place__person", "place__cohort__programme")
    if request.POST.get("confirmed"):
        shown = dict(pair.split(":") for pair in request.POST.getlist("ready") if pair.count(":") == 1)
        ready = [contract for contract in found if str(contract.pk) in shown]
    else:
        ready = list(found.waiting_for(Party.PROGRAMME))
        shown = {str(contract.pk): str(contract.version) for contract in ready}
    if not ready:
        messages.info(request, "None of these waits for the programme: participant and sponsor sign first.")
        return redirect(CONTRACTS)

    def act(reason):
        signed = 0
        for contract in ready:
            try:
                sign_contract(
                    contract=contract, party=Party.PROGRAMME, name=request.user.name,
                    version=int(shown[str(contract.pk)]), by=request.user, now=timezone.now(),
                )  # fmt: skip
                signed += 1
            except (NotPossible, ValueError) as refused:
                messages.error(request, f"{contract.place.person}: {refused}")
        return f"You signed {signed} learning contract{'' if signed == 1 else 's'} for the programme."

    count = f"{len(ready)} learning contract{'' if len(ready) == 1 else 's'}"
    return confirm(
        request, title=f"Sign {count} for the programme", act=act, button=f"Sign {count}", back=reverse(CONTRACTS),
        lines=[f"{contract.place.person}, {contract.place.cohort}" for contract in ready],
        keep={"ready": [f"{contract.pk}:{shown[str(contract.pk)]}" for contract in ready]},
        explain=f"Your name, {request.user.name}, stands under each. Those that sponsors have not signed are left out.",
    )  # fmt: skip


class WaitsFor(admin.SimpleListFilter):
    """Whose signature comes next."""

    title = "waits for"
    parameter_name = "waits_for"

    def lookups(self, request, model_admin):
        return [(ANYBODY, "Anybody"), (LATE, "Anybody, and is late"), *Party.choices]

    def queryset(self, request, queryset):
        if self.value() == ANYBODY:
            return queryset.unsigned()
        if self.value() == LATE:
            return queryset.unsigned().filter(**LIVE, due_on__lt=london_date(timezone.now()))
        return queryset.waiting_for(self.value()) if self.value() in Party.values else queryset


class OfCohort(admin.SimpleListFilter):
    """The newest cohorts, in one query however many there are."""

    title = "cohort"
    parameter_name = "of_cohort"
    shown = 20
    path = "cohort"

    def lookups(self, request, model_admin):
        return [(cohort.pk, str(cohort)) for cohort in Cohort.objects.select_related("programme")[: self.shown]]

    def queryset(self, request, queryset):
        chosen = self.value() or ""
        return queryset.filter(**{self.path: chosen}) if chosen.isdigit() else queryset


class OfPlacesCohort(OfCohort):
    path = "place__cohort"


class OfModulesCohort(OfCohort):
    path = "module__cohort"


def answered_of(waves):
    """The waves with how many people are `asked` and how many `answered`, in one query."""
    counted = {"cohort__places__status__in": COUNTED}
    sent = Q(responses__submitted_at__isnull=False, responses__place__status__in=COUNTED)
    return waves.annotate(
        asked=Count("cohort__places", filter=Q(**counted), distinct=True),
        answered=Count("responses", filter=sent, distinct=True),
    )


def answers(request, pk):
    """Who answered one wave and who has not; when it is over, averages that point at nobody."""
    today = london_date(timezone.now())
    wave = get_object_or_404(answered_of(Wave.objects.select_related("cohort__programme")), pk=pk)
    sent = Response.objects.submitted().filter(wave=wave, place=OuterRef("pk"))
    missing = Place.objects.for_cohort(wave.cohort).filter(status__in=COUNTED).exclude(Exists(sent))
    over = is_over(wave, today)
    return office_page(
        request,
        "office/modules/answers.html",
        title=f"Questionnaire {wave.get_kind_display().lower()}: {wave.cohort}",
        wave=wave,
        missing=missing.select_related("person", "organisation").order_by("person__name"),
        over=over,
        dimensions=_dimensions(wave) if over else [],
        changes=change_of(wave.cohort, today) if wave.kind == Wave.Kind.AFTER else [],
        from_people=STANDARD.cohort_mean_from,
        due=day_month(wave.due_on),
    )


def _dimensions(wave: Wave) -> list[dict]:
    """A line for each dimension: people, mean, how many at each level, and how well its items hang together.

    None at all of fewer than eight people.
    """
    found = responses_of(wave)
    if len(found) < STANDARD.cohort_mean_from:
        return []
    given = [response.given["answers"] for response in found]
    rows = []
    for line in scoring.cohort_dimensions([response.profile() for response in found]):
        reliability = scoring.dimension_reliability(wave.instrument, line.dimension.key, given)
        shown = reliability.alpha is not None and not reliability.hidden
        alpha = f"{reliability.alpha:.2f}, {ALPHA[reliability.band]}" if shown else "not shown"
        rows.append({
            "title": line.dimension.title, "n": line.n, "mean": line.mean,
            "distribution": [(LEVELS[level], cell.text) for level, cell in line.distribution or ()],
            "alpha": alpha + (" (indicative)" if shown and reliability.indicative else ""),
            "warning": shown and reliability.warning,
            "items": _items(wave, reliability) if shown else [],
        })  # fmt: skip
    return rows


def _items(wave: Wave, reliability: scoring.Reliability) -> list[dict]:
    """Each statement of a dimension: how well the others hang together without it, and how it goes along with them."""
    return [
        {
            "text": item.text, "is_turned": item.reverse, "without": _figure(reliability.if_deleted[item.id]),
            "along": _figure(reliability.item_total[item.id]),
        }
        for item in wave.instrument.items
        if item.id in reliability.if_deleted
    ]  # fmt: skip


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def late_contracts(today) -> dict:
    """How many contracts of live cohorts are past their date, by whose signature comes next; not begun included."""
    unsigned = LearningContract.objects.unsigned().filter(**LIVE, due_on__lt=today).with_signatures()
    counts = unsigned.aggregate(
        participant=Count("pk", filter=Q(participant_signed=False)),
        sponsor=Count("pk", filter=Q(participant_signed=True, sponsor_signed=False)),
        programme=Count("pk", filter=Q(participant_signed=True, sponsor_signed=True)),
    )
    counts["not_begun"] = not_begun(today).count()
    return counts


def not_begun(today):
    """The places whose contract is late and that have none yet, so that no list of contracts names them."""
    begun = Exists(LearningContract.objects.filter(place=OuterRef("pk")))
    cohorts = Cohort.objects.live().filter(onboarding_due__lt=today, ends_on__gte=today)
    places = Place.objects.active().filter(cohort__in=cohorts).exclude(begun)
    return places.filter(accepted_at__date__lte=F("cohort__onboarding_due"))
