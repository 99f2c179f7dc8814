"""Coverage: where every organisation stands, and invitations with a page that names the recipients."""

from collections import Counter

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from leaders.components.charts import tile_map
from leaders.components.dates import day_time
from leaders.office.admin import confirm, office_page
from nominations import actions
from nominations.coverage import Stand, coverage, tiles
from nominations.models import Round


def url(name: str, this: Round) -> str:
    return reverse(f"admin:nominations_{name}", args=[this.pk])


def round_or_404(pk: int) -> Round:
    return get_object_or_404(Round.objects.in_words(), pk=pk)


def current(screen: str):
    """The menu's address of a screen: it leads to the round the office works on."""

    def view(request):
        this = Round.objects.current(timezone.now()) or Round.objects.in_words().first()
        if this is None:
            raise Http404
        return redirect(url(screen, this))

    return view


def frame(this: Round, screen: str) -> dict:
    """What the three boards share: the round, the way to the other boards, and the other live rounds."""
    return {
        "round": this,
        "cohort": this.cohort,
        "now": timezone.now(),
        "screens": [
            (label, url(name, this), name == screen)
            for name, label in (("coverage", "Coverage"), ("selection", "Selection"), ("release", "Release"))
        ],
        "others": [
            (str(other.cohort), url(screen, other))
            for other in Round.objects.live().in_words().exclude(pk=this.pk).order_by("-cohort__starts_on")[:5]
        ],
    }


def board(request, pk):
    """Every organisation of a round; `?stand=` shows one kind only."""
    this, now = round_or_404(pk), timezone.now()
    rows = coverage(this, now)
    counts = Counter(row.stand for row in rows)
    wanted = request.GET.get("stand", "")
    return office_page(
        request,
        "office/nominations/coverage.html",
        **frame(this, "coverage"),
        title=f"Coverage, {this.cohort.name}",
        rows=[row for row in rows if not wanted or row.stand.name.lower() == wanted],
        counts=[(stand.value, counts[stand], stand.name.lower()) for stand in Stand if counts[stand]],
        wanted=wanted,
        map=tile_map(tiles(rows)),
        can_invite=counts[Stand.NOT_INVITED],
        invite_url=url("invite", this),
    )


def invite(request, pk):
    """Who is to be invited: nominators planned and not yet written to; the page names each of them."""
    this, now = round_or_404(pk), timezone.now()
    planned = this.invitations.unsent().select_related("organisation", "nominator", "round__cohort__programme",
                                                       "round__cohort__contact")  # fmt: skip
    if one := request.GET.get("organisation", ""):
        planned = planned.filter(organisation=one) if one.isdigit() else planned.none()
    planned = list(planned)

    def send(reason: str) -> str:
        sent = actions.send_invitations(invitations=planned, by=request.user, now=now)
        return f"{sent} invitation{'' if sent == 1 else 's'} on the way."

    return confirm(
        request,
        title=f"Invite {len(planned)} nominator{'' if len(planned) == 1 else 's'} for {this.cohort.name}",
        explain="Each gets a letter with a private link. Nominations close on "
        f"{day_time(this.cohort.nominations_close)}."
        if planned
        else "Everybody who is planned has been invited. Plan a nominator on the coverage board first.",
        lines=[f"{i.nominator.name} ({i.nominator.email}) for {i.organisation}" for i in planned],
        button=f"Send {len(planned)} invitation{'' if len(planned) == 1 else 's'}",
        act=send,
        back=url("coverage", this),
    )
