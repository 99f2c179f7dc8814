"""What the public pages share: opening a private link, and saying kindly why something does not work."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from leaders.components.dates import london_date
from leaders.people.links import LinkExpired, LinkProblem, LinkRevoked, resolve
from leaders.people.refusals import NotPossible
from nominations import links
from nominations.models import Nomination, Round

# What became of a link that was taken back, where one can tell from what it was for.
ENDED = {
    links.ACCEPT: (
        "This nomination goes no further",
        "It was withdrawn, or somebody else was put forward. There is nothing you need to do.",
    ),
    links.SECTION: (
        "This link no longer works",
        "Whoever asked you has taken the link back, or deleted the nomination.",
    ),
    links.INVITATION: (
        "This link no longer works",
        "The invitation was taken back. Perhaps a colleague of yours is invited in your place.",
    ),
}


def by_link(purpose: str, find: Callable, methods: tuple[str, ...] = ("GET", "HEAD", "POST")):
    """Open a page by a private link: view(request, subject, link, now, **kwargs), `find` fetches the subject by id.

    A link that does not work gets a page that says why, and so does an action that is not possible any more.
    Nothing is changed by opening a page; it is never cached, and no other site learns its address.
    """

    def guard(view):
        @wraps(view)
        def guarded(request, token, **kwargs):
            now = timezone.now()
            try:
                link = resolve(token, purpose=purpose, now=now)
            except LinkProblem as problem:
                return link_problem(request, problem, purpose, token)
            subject = find(link.subject_id)
            if subject is None:
                return link_problem(request, LinkRevoked(link), purpose, token)
            try:
                return view(request, subject, link, now, **kwargs)
            except NotPossible as refused:
                this = round_of(subject)
                closes = getattr(subject, "deadline", this and this.closes_at)
                return not_possible(request, str(refused), this, closes=closes, back_url=request.get_full_path())

        return never_cache(require_http_methods(methods)(guarded))

    return guard


def find_nomination(pk) -> Nomination | None:
    """The nomination that a link is about, with what every page of it says."""
    return Nomination.objects.in_words().filter(pk=pk).first()


def posted(request):
    """What a form is bound to: the POST, even an empty one, which `request.POST or None` would take for no POST."""
    return request.POST if request.method == "POST" else None


def link_problem(request, problem: LinkProblem, purpose: str, token: str) -> HttpResponse:
    """Expired: a new one by mail; withdrawn or unknown: whom to ask."""
    if isinstance(problem, LinkExpired):
        heading, lede = "This link has expired", "We can email you a new one, to the address the first one went to."
    elif isinstance(problem, LinkRevoked):
        heading, lede = ENDED.get(purpose, ("This link no longer works", "What it opened was withdrawn or deleted."))
    else:
        heading, lede = "We do not know this link", "Perhaps your mail program cut it in two: copy all of it."
    context = {
        "heading": heading,
        "lede": lede,
        "new_link": reverse("new_link", args=[purpose, token]) if isinstance(problem, LinkExpired) else "",
        "may_begin": purpose in {links.DRAFT, links.INVITATION},
    }
    return render(request, "nominations/link_problem.html", context, status=410 if problem.link else 404)


def not_possible(
    request,
    words: str,
    this: Round | None = None,
    status: int = 409,
    template: str = "nominations/notice.html",
    **context,
) -> HttpResponse:
    """An answer that is not an error: what cannot be done from here, and who can help."""
    return render(
        request,
        template,
        {**frame(this), "heading": "That is not possible now", "lede": words, **context},
        status=status,
    )


def frame(this: Round | None) -> dict:
    """The context of every page about a round: names, dates, and who can help.

    `closes` is until when everybody may nominate: a page for somebody in particular says until when they may.
    """
    if this is None:
        return {}
    cohort, now = this.cohort, timezone.now()
    return {
        "round": this,
        "cohort": cohort,
        "programme": cohort.programme,
        "contact": cohort.contact,
        "brand_name": cohort.programme.name,
        "brand_sub": f"Nominations for {cohort.name}",
        "now": now,
        "closes": this.closes_at,
        "to_hear": not this.released_at and london_date(now) <= cohort.decisions_due,
        "to_start": london_date(now) < cohort.starts_on,
    }


def round_of(subject) -> Round | None:
    """The round that a link's subject belongs to."""
    for path in (("round",), ("nomination", "round"), ("draft", "round")):
        found = subject
        for name in path:
            found = getattr(found, name, None)
        if found is not None:
            return found
    return None
