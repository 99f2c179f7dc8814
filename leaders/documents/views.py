"""A document's page: being prepared, ready to download, or not made and why."""

from contextlib import suppress

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header

from leaders.people.refusals import NotPossible
from leaders.people.second_factor import staff_use_second_factor

from .actions import request_again
from .models import Document
from .registry import kinds


@login_required
@staff_use_second_factor
def document_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One document, for those whom its kind lets see its subject; to everybody else there is none."""
    document = get_object_or_404(Document.objects.defer("content"), pk=pk)
    kind = kinds[document.kind].brings if document.kind in kinds else None
    subject = kind and kind.model._default_manager.filter(pk=document.subject_id).first()
    if subject is None or not kind.visible_to(subject, request.user):
        raise Http404
    return serve(request, document, back_url=kind.back(subject, request.user))


def serve(request: HttpRequest, document: Document, *, back_url: str = "") -> HttpResponse:
    """The page of `document`, or with ?download its file, at whatever address the caller has guarded.

    Other apps call this from a page of their own, behind a private link. A POST tries again what could not be made.
    """
    if request.method == "POST":
        with suppress(NotPossible):  # pressed twice: it is being prepared already
            request_again(document=document, now=timezone.now())
        return HttpResponseRedirect(request.path)
    if document.state == Document.State.READY and "download" in request.GET:
        response = HttpResponse(bytes(document.content), content_type="application/pdf")
        response.headers["Content-Disposition"] = content_disposition_header(True, document.filename)
        response.headers["Cache-Control"] = "private, no-store"
        return response
    return render(request, "documents/page.html", {"document": document, "title": document.title, "back_url": back_url})
