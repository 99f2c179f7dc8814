"""The learning contract, as its participant meets it: sections, comments, signatures, and the paper."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from leaders.components.dates import day, day_month, london_date
from leaders.documents.actions import request_document
from leaders.people.meanwhile import ChangedMeanwhile, mark
from leaders.people.refusals import NotPossible
from modules.actions import (
    draft_contract,
    propose_contract,
    put_back_signed,
    review_contract,
    settle_comment,
    write_contract,
)
from modules.contract import SECTIONS, changed, open_section, starting_texts
from modules.learning import contract_of
from modules.learning_forms import SectionForm
from modules.models import ContractComment, LearningContract, Party

from .learning import learning_page, my_place, number_in
from .year import branded

READERS = "you, your sponsor, your line manager and the programme office."
BEFORE_SENDING = "only you until you send it; then your sponsor, your line manager and the programme office."
PUT_BACK = "The contract says again what was signed, and the signatures count."
PDF = "modules.learning_contract"


def parties_of(contract: LearningContract, version: int | None = None) -> list[tuple[str, str, object]]:
    """Each of the three with the name expected and the signature, if there is one."""
    place, signed = contract.place, contract.signed(version)
    names = {
        Party.PARTICIPANT: place.person.name,
        Party.SPONSOR: place.sponsor.name if place.sponsor else "",
        Party.PROGRAMME: place.cohort.contact.name,
    }
    return [(Party(party).label, names[party], signed.get(party)) for party in Party.values]


def what_is_next(place, contract: LearningContract | None) -> list[str]:
    """What is still to come until the contract is agreed, and then to be looked at; nothing once it was."""
    waits = contract.waits_for() if contract else Party.values
    by = f" by {day_month(contract.due_on)}" if contract and not contract.sent_at else ""
    steps = {
        Party.PARTICIPANT: f"You sign and send it{by}.",
        Party.SPONSOR: "Your sponsor reads and signs by a private link, without an account. Your line manager reads it "
        "and may comment.",
        Party.PROGRAMME: f"{place.cohort.contact} signs for the programme.",
    }
    around = f"around {day(contract.review_on)}" if contract else "half way"
    review = [] if contract and contract.reviewed_at else [f"You look at it together {around}."]
    return [steps[Party(party)] for party in waits] + review


@learning_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_contract(request):
    """The contract with its sections, comments and signatures; the button sends it."""
    now = timezone.now()
    place = my_place(request, now)
    contract = contract_of(place)
    if request.method == "POST":
        return _deed(request, contract or draft_contract(place=place, by=request.user, now=now), now)
    texts = contract.texts if contract else starting_texts()
    changeable = contract is not None and place.is_active
    comments = list(contract.comments.all()) if contract else []
    context = {
        "contract": contract,
        "sections": [
            {
                "key": section.title, "value": texts.get(section.key, ""),
                "url": reverse("my_contract_section", args=[section.key]) if changeable and not section.fixed else "",
            }
            for section in SECTIONS
        ],
        "parties": parties_of(contract) if contract else [],
        "comments": [comment for comment in comments if not comment.settled_at],
        "settled": [comment for comment in comments if comment.settled_at],
        "changed": changed(contract.words_of(contract.sent_version), texts)
        if contract and contract.is_being_changed else [],
        "next": what_is_next(place, contract),
        "can_send": contract is not None and not contract.is_over and Party.PARTICIPANT not in contract.signed(),
        "review_due": contract is not None and contract.is_due_for_review(london_date(now)),
        "readers": READERS if contract and contract.sent_at else BEFORE_SENDING,
        "now": now,
        "back_url": reverse("my_learning"), "back_label": "My learning",
    }  # fmt: skip
    return render(request, "modules/learning/contract.html", branded(place, **context))


def _deed(request, contract: LearningContract, now):
    """What the button that was pressed asks for."""
    deed = request.POST.get("deed")
    try:
        if deed == "send":
            propose_contract(contract=contract, version=number_in(request, "version"), by=request.user, now=now)
            messages.success(request, f"You signed it, and it is on its way to {contract.place.sponsor}.")
        elif deed == "put-back":
            put_back_signed(contract=contract, version=number_in(request, "version"), by=request.user, now=now)
            messages.success(request, PUT_BACK)
        elif deed == "review":
            review_contract(contract=contract, by=request.user, now=now)
            messages.success(request, f"Reviewed on {day(now)}.")
        elif deed == "settle":
            comment = get_object_or_404(ContractComment, pk=number_in(request, "comment"), contract=contract)
            settle_comment(comment=comment, by=request.user, now=now)
            messages.success(request, "The comment is marked as answered.")
        elif deed == "pdf":
            return redirect("document", request_document(PDF, subject=contract, now=now).pk)
    except NotPossible as refused:
        messages.error(request, str(refused))
    return redirect("my_contract")


@learning_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_contract_section(request, key):
    """Write one section. A stale window keeps what was typed and shows what stands now."""
    now = timezone.now()
    place = my_place(request, now)
    section = open_section(key)
    contract = contract_of(place)
    if section is None or contract is None:
        raise Http404("The contract has no such section to change.")
    standing = contract.texts.get(key, "")
    form = SectionForm(request.POST or None, initial={"seen": mark([standing]), "words": standing})
    meanwhile = ""
    if request.method == "POST" and form.is_valid():
        try:
            kept = write_contract(
                contract=contract, texts={key: form.cleaned_data["words"]}, seen={key: form.cleaned_data["seen"]},
                by=request.user, now=now,
            )  # fmt: skip
        except ChangedMeanwhile as refused:
            meanwhile = standing
            form.refuse(refused, seen=mark([standing]))
        else:
            if contract.is_being_changed and not kept.is_being_changed:
                messages.success(request, PUT_BACK)
            return redirect("my_contract")
    context = {
        "form": form, "heading": section.title, "back_url": reverse("my_contract"),
        "back_label": "Learning contract", "button": "Save", "meanwhile": meanwhile, "contract": contract,
        "readers": READERS if contract.sent_at else BEFORE_SENDING,
        "voids": bool(contract.signed()),
    }  # fmt: skip
    return render(request, "modules/learning/section.html", branded(place, **context))
