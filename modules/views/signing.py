"""The private page of a sponsor or line manager: read, comment, sign. No account; a GET changes nothing."""

from functools import wraps

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from leaders.components.dates import london_date
from leaders.documents.actions import latest, request_document
from leaders.documents.views import serve
from leaders.people import links
from leaders.people.models import PrivateLink
from leaders.people.refusals import NotPossible
from modules.actions import comment_on_contract, send_signing_link, sign_contract
from modules.actions.contract import SIGNING
from modules.contract import SECTIONS, changed
from modules.learning import shared_learning
from modules.learning_forms import CommentForm, SignForm
from modules.models import LearningContract, Party

from .contract import PDF, parties_of
from .year import branded


def by_link(view):
    """Open a page for the reader whom the link was made for: view(request, contract, reader, now, token).

    It opens as long as they are the sponsor or line manager, and no longer.
    """

    @wraps(view)
    def guarded(request, token):
        now = timezone.now()
        try:
            link = links.resolve(token, purpose=SIGNING, now=now)
        except links.LinkProblem as problem:
            return _problem(request, problem, now)
        contract = _contract(link)
        if contract is None:
            return _problem(request, links.LinkRevoked(link), now)
        return view(request, contract, link.person, now, token)

    return never_cache(guarded)


def _contract(link: PrivateLink) -> LearningContract | None:
    """The contract if it was sent and the link's person still is one of its readers."""
    found = LearningContract.objects.select_related(
        "place__person", "place__organisation", "place__cohort__programme", "place__cohort__contact",
        "place__sponsor", "place__line_manager",
    ).prefetch_related("signatures")  # fmt: skip
    contract = found.filter(pk=link.subject_id).first()
    return contract if contract and contract.sent_version and link.person in contract.readers else None


def _problem(request, problem: links.LinkProblem, now):
    """What is wrong with the link. An expired one is mailed anew, to the address it was made for, by a button."""
    link = problem.link
    contract = _contract(link) if isinstance(problem, links.LinkExpired) else None
    if contract and request.method == "POST":
        send_signing_link(contract=contract, reader=link.person, now=now)
        return render(request, "modules/learning/link_problem.html", {"mailed": True})
    expired = isinstance(problem, links.LinkExpired)
    context = {"contract": contract, "expired": expired, "withdrawn": isinstance(problem, links.LinkRevoked)}
    return render(request, "modules/learning/link_problem.html", context, status=410 if link else 404)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def sign(request, contract, reader, now, token):
    """The contract as it was sent, what changed since the version before, and two buttons.

    Whoever signs may have written a comment beside it: both are kept, or neither.
    """
    signs = reader == contract.place.sponsor
    doing = request.POST.get("do", "")
    signing = SignForm(
        request.POST if doing == "sign" else None, initial={"version": contract.sent_version, "name": reader.name}
    )
    comment = CommentForm(request.POST if doing in {"sign", "comment"} else None)
    comment.fields["words"].required = doing != "sign"
    try:
        if doing == "comment" and comment.is_valid():
            comment_on_contract(contract=contract, words=comment.cleaned_data["words"], by=reader, now=now)
            messages.success(request, f"{contract.place.person.first_name} has your comment.")
            return redirect(request.path)
        if signs and signing.is_valid() and comment.is_valid():
            _sign(contract, reader, signing.cleaned_data, comment.cleaned_data["words"], now)
            kept = "signature and your comment are" if comment.cleaned_data["words"] else "signature is"
            messages.success(request, f"Thank you. Your {kept} kept.")
            return redirect(request.path)
    except NotPossible as refused:
        if doing == "comment":
            comment.refuse(refused)
        else:
            signing.refuse(refused, version=contract.sent_version)
    return render(
        request,
        "modules/learning/sign.html",
        {**_context(contract, reader, signs, signing, comment, token), "is_late": contract.is_late(london_date(now))},
    )


@transaction.atomic
def _sign(contract, reader, given: dict, words: str, now) -> None:
    """Both or neither: whoever signs with a remark has not signed without it."""
    if words:
        comment_on_contract(contract=contract, words=words, by=reader, now=now)
    sign_contract(
        contract=contract, party=Party.SPONSOR, name=given["name"], version=given["version"], by=reader, now=now
    )


def _context(contract, reader, signs, signing, comment, token) -> dict:  # noqa: PLR0917
    version, place = contract.sent_version, contract.place
    texts = contract.words_of(version)
    sent_before = max((s.version for s in contract.signatures.all() if s.version < version), default=None)
    before = contract.words_of(sent_before) if sent_before else {}
    return branded(
        place,
        brand_url="",
        contract=contract,
        reader=reader,
        signs=signs,
        signing=signing,
        comment=comment,
        page_has_errors=bool(signing.errors or comment.errors),
        parties=parties_of(contract, version),
        sections=[{"key": section.title, "value": texts.get(section.key, "")} for section in SECTIONS],
        changed=changed(before, texts) if before else [],
        signature=contract.signed(version).get(Party.SPONSOR),
        comments=contract.comments.filter(person=reader),
        shared=shared_learning(place, "sponsor", reader) if signs else None,
        shared_title=f"What {place.person.first_name} shares with you",
        rated_heading=f"How {place.person.first_name} rated themselves",
        comment_readers=f"{place.person.name}, the programme office, and you.",
        can_sign=signs
        and Party.SPONSOR not in contract.signed(version)
        and not contract.is_being_changed
        and not contract.is_over,
        pdf_url=reverse("sign_contract_pdf", args=[token]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def pdf(request, contract, reader, now, token):
    """The contract on paper, made in the background."""
    if latest(PDF, contract) is None or request.POST.get("anew"):
        if request.method != "POST":
            return redirect("sign_contract", token)
        request_document(PDF, subject=contract, now=now)
        return redirect("sign_contract_pdf", token)
    return serve(request, latest(PDF, contract), back_url=reverse("sign_contract", args=[token]))
