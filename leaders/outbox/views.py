"""The way out of promotional mail, and the demo's mailbox, which exists only where DEMO is set."""

from functools import wraps

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from leaders.people import links

from .consent import PURPOSE, withdraw_consent
from .models import Attachment, Consent, Message
from .screen import file_of, page_of, stylesheet_of

SHOWN = 50


# A mail provider presses the button for its customer, without cookies: the secret link is the permission.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, token):
    """A page with one button, and what the button does. Opening the page changes nothing: scanners do."""
    now = timezone.now()
    try:
        link = links.resolve(token, purpose=PURPOSE, now=now)
    except links.LinkProblem:
        return render(request, "outbox/unsubscribe.html", {"unknown": True}, status=404)
    if request.method == "POST":
        withdraw_consent(address=link.email, now=now, by=link.person or "the reader")
        return render(request, "outbox/unsubscribe.html", {"done": True, "address": link.email})
    stopped = Consent.of(link.email) is None
    return render(request, "outbox/unsubscribe.html", {"address": link.email, "stopped": stopped})


def only_in_the_demo(view):
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return require_safe(never_cache(guarded))


@only_in_the_demo
def mailbox(request):
    """What was sent last, newest first, or all that was sent to one address."""
    address = request.GET.get("to", "").strip()
    sent = Message.objects.filter(state=Message.State.SENT).order_by("-sent_at", "-pk")
    if address:
        sent = sent.filter(to_email__iexact=address)
    before = request.GET.get("before", "")
    if before.isdigit():
        sent = sent.filter(pk__lt=int(before))
    found = list(sent.defer("text", "html")[: SHOWN + 1])
    context = {"found": found[:SHOWN], "address": address, "older": found[SHOWN - 1].pk if found[SHOWN:] else None}
    return render(request, "outbox/mailbox.html", context)


@only_in_the_demo
def mailbox_message(request, pk):
    """One message: its headers, its files, its text, and the way to its HTML."""
    message = get_object_or_404(Message.objects.select_related("person"), pk=pk, state=Message.State.SENT)
    return render(request, "outbox/message.html", {"message": message, "files": message.attachments.defer("content")})


@only_in_the_demo
def mailbox_letter(request, pk):
    """The HTML of one message."""
    message = get_object_or_404(Message, pk=pk, state=Message.State.SENT)
    return HttpResponse(page_of(message.html, stylesheet=reverse("mailbox_letter_css", args=[pk])))


@only_in_the_demo
def mailbox_letter_css(request, pk):
    """The looks of one message."""
    message = get_object_or_404(Message, pk=pk, state=Message.State.SENT)
    return HttpResponse(stylesheet_of(message.html), content_type="text/css; charset=utf-8")


@only_in_the_demo
def mailbox_file(request, pk):
    """A file that came with a message."""
    return file_of(get_object_or_404(Attachment, pk=pk, message__state=Message.State.SENT))
