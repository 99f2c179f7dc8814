"""What needs the director in nominations and selection, and how the open round stands."""

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from leaders.components.charts import Stage, funnel, tile_map
from leaders.components.dates import day, day_month, london_date, weekday_day_month
from leaders.office.registry import Need, Panel, Standing, lead, need, panel, standing

from .coverage import Stand, coverage, tiles
from .models import Assessment, Decision, Endorsement, Invitation, Nomination, Offer, Replacement, Round

State = Nomination.State


MOST_ROUNDS = 3


def _pictured(now) -> list[Round]:
    """The rounds that the pictures are about: those that are open, else the last one until its year begins."""
    this = Round.objects.current(now)
    if this is None or this.cohort.nominations_open > now or london_date(now) >= this.cohort.starts_on:
        return []
    return _open(now) or [this]


def _open(now) -> list[Round]:
    return list(Round.objects.open(now).in_words().order_by("cohort__nominations_close", "pk")[:MOST_ROUNDS])


def _screen(name: str, this: Round) -> str:
    return reverse(f"admin:nominations_{name}", args=[this.pk])


@lead(order=100, key="nominations.closing", title="When nominations close")
def closing(person, now):
    """One sentence for each open round."""
    return [
        f"Nominations for {this.cohort.short_name} close on {weekday_day_month(this.cohort.nominations_close)}."
        for this in _open(now)
    ]


@need(order=100, key="nominations.silent", title="Organisations that have not answered")
def silent(person, now):
    found = []
    for this in _open(now):
        rows = coverage(this, now)
        uninvited = [row for row in rows if row.stand == Stand.NOT_INVITED]
        quiet = [row for row in rows if row.stand == Stand.SILENT]
        page = _screen("coverage", this)
        if uninvited and this.cohort.programme.nominations_per_organisation:
            count = len(uninvited)
            found.append(
                Need(
                    sentence=f"{count} organisation{' is' if count == 1 else 's are'} not invited yet",
                    count=count,
                    url=page,
                    detail=f"Nominations for {this.cohort.short_name} close on {day(this.cohort.nominations_close)}",
                    action="Invite" if any(row.invitations for row in uninvited) else "Plan whom to invite",
                    action_url=_screen("invite", this) if any(row.invitations for row in uninvited) else page,
                )
            )
        if quiet:
            count = len(quiet)
            found.append(
                Need(
                    sentence=f"{count} organisation{' has' if count == 1 else 's have'} not reacted",
                    count=count,
                    url=page,
                    detail=f"{this.cohort.short_name}: invited more than two weeks ago. Reminders go out by "
                    "themselves, a call helps more",
                    action="See who",
                    action_url=page,
                )
            )
    return found


@need(order=105, key="nominations.nobody_planned", title="Rounds without anybody to invite")
def nobody_planned(person, now):
    listed = Invitation.objects.filter(round=OuterRef("pk"), withdrawn_at=None)
    ahead = Round.objects.filter(
        released_at=None, cohort__status__in=("planned", "live"), cohort__nominations_close__gt=now
    )
    return [
        Need(
            sentence=f"Nobody is on the list of those to invite for {this.cohort.short_name}",
            count=1,
            url=_screen("coverage", this),
            detail=f"Nominations open on {day(this.cohort.nominations_open)}",
            action="Bring in nominators",
            action_url=_screen("contacts", this),
        )
        for this in ahead.filter(~Exists(listed)).in_words().order_by("cohort__nominations_open")[:MOST_ROUNDS]
    ]


@need(order=110, key="nominations.replacements", title="Colleagues who ask to replace a nomination")
def replacements(person, now):
    asked = Replacement.objects.filter(
        agreed_at=None, refused_at=None, draft__state=State.DRAFT, draft__round__cohort__status="live"
    )
    count = asked.count()
    page = reverse("admin:nominations_replacement_changelist")
    return count and Need(
        sentence=f"{count} nomination{' waits' if count == 1 else 's wait'} for a colleague’s word",
        count=count,
        url=page,
        detail="Two people at one organisation would like to nominate",
        action="Look",
        action_url=page,
    )


@need(order=120, key="nominations.waiting", title="Nominees and sponsors who have not answered")
def waiting(person, now):
    found = []
    sent = Nomination.objects.in_words().filter(
        state=State.SENT, round__cohort__status="live", round__cohort__statements_due__lt=now
    )
    count = sum(nomination.answer_deadline <= now for nomination in sent)
    if count:
        page = reverse("admin:nominations_nomination_changelist") + "?state__exact=sent"
        found.append(
            Need(
                sentence=f"{count} nomination{' was' if count == 1 else 's were'} not completed in time",
                count=count,
                url=page,
                detail="The nominee, or an applicant’s sponsor, has not answered",
                late=True,
                action="Decide",
                action_url=page,
            )
        )
    refused = Endorsement.objects.filter(state=Endorsement.State.DECLINED, nomination__state=State.SENT).count()
    if refused:
        page = reverse("admin:nominations_nomination_changelist") + "?kind__exact=application&state__exact=sent"
        found.append(
            Need(
                f"{refused} applicant{' has' if refused == 1 else 's have'} lost a sponsor",
                refused,
                page,
                action="Look",
            )
        )
    return found


@need(order=130, key="nominations.reading", title="Reading that is not shared out or not handed in")
def reading(person, now):
    found = []
    rounds = Round.objects.live().in_words().order_by("-cohort__nominations_close")
    released = rounds.filter(released_at__isnull=False, cohort__starts_on__gt=london_date(now))
    found += [late for this in released[:MOST_ROUNDS] for late in _completed_since(this)]
    for this in rounds.filter(released_at=None, cohort__nominations_close__lte=now)[:MOST_ROUNDS]:
        given = Assessment.objects.filter(nomination=OuterRef("pk")).exclude(state=Assessment.State.CONFLICT)
        unread = this.nominations.filter(state=State.COMPLETE).exclude(Exists(given)).count()
        page = _screen("selection", this)
        if unread:
            found.append(
                Need(
                    sentence=f"{unread} nomination{' has' if unread == 1 else 's have'} no reader yet",
                    count=unread,
                    url=page,
                    detail=f"{this.cohort.short_name}: scores are due on {day(this.cohort.assessments_due)}",
                    action="Share out the reading",
                    action_url=_screen("share_out", this),
                )
            )
        late = Assessment.objects.filter(member__round=this, member__left_at=None).to_do().count()
        if late and now >= this.cohort.assessments_due:
            found.append(
                Need(
                    sentence=f"{late} reading{' is' if late == 1 else 's are'} not handed in",
                    count=late,
                    url=page,
                    detail=f"{this.cohort.short_name}: they were due on {day(this.cohort.assessments_due)}",
                    late=True,
                    action="See who",
                    action_url=page,
                )
            )
        found += _deciding(this, now)
    return found


def _completed_since(this: Round) -> list[Need]:
    """Nominations that were completed after the release: nobody reads them any more, the director decides."""
    count = this.nominations.filter(state=State.COMPLETE).count()
    page = _screen("selection", this)
    if not count:
        return []
    return [
        Need(
            sentence=f"{count} nomination{' was' if count == 1 else 's were'} completed after the release",
            count=count,
            url=page,
            detail=f"{this.cohort.short_name}: decide, then release again",
            action="Decide",
            action_url=page,
        )
    ]


def _deciding(this: Round, now) -> list[Need]:
    """After the readings: decisions to make, then to release."""
    if now < this.cohort.assessments_due:
        return []
    complete = this.nominations.filter(state=State.COMPLETE).count()
    decided = Decision.objects.filter(nomination__round=this, nomination__state=State.COMPLETE).count()
    late = london_date(now) > this.cohort.decisions_due
    if complete > decided:
        page = _screen("selection", this)
        left = complete - decided
        sentence = f"{left} nomination{' waits' if left == 1 else 's wait'} for a decision"
        return [
            Need(
                sentence,
                left,
                page,
                f"{this.cohort.short_name}: everybody hears by {day(this.cohort.decisions_due)}",
                late,
                "Decide",
                page,
            )
        ]
    if complete:
        page = _screen("release", this)
        sentence = f"{complete} decision{' is' if complete == 1 else 's are'} ready to be released"
        return [
            Need(
                sentence,
                complete,
                page,
                f"{this.cohort.short_name}: due {day(this.cohort.decisions_due)}",
                late,
                "Preview",
                page,
            )
        ]
    return []


@need(order=140, key="nominations.offers", title="Offers about to expire, and seats that could be offered")
def offers(person, now):
    found = []
    for this in (
        Round.objects.live().filter(released_at__isnull=False, cohort__starts_on__gt=london_date(now)).in_words()[:3]
    ):
        counts = this.nominations.aggregate(
            open=Count("pk", filter=Q(state=State.OFFERED)), waiting=Count("pk", filter=Q(state=State.WAITING))
        )
        free = this.cohort.capacity - this.cohort.seats_taken
        page = _screen("selection", this)
        if counts["open"]:
            soonest = Offer.objects.open().filter(nomination__round=this).order_by("expires_at").first()
            count = counts["open"]
            found.append(
                Need(
                    sentence=f"{count} offer{' waits' if count == 1 else 's wait'} for an answer",
                    count=count,
                    url=page,
                    detail=f"{this.cohort.short_name}: the first expires on {day_month(soonest.expires_at)}",
                    action="See who has not answered",
                    action_url=f"{reverse('admin:nominations_nomination_changelist')}?state__exact={State.OFFERED}"
                    f"&round__id__exact={this.pk}",
                )
            )
        # A seat given up goes on by itself; those kept free at the release are the director's to offer.
        if free > 0 and this.seats_kept and counts["waiting"]:
            seats = f"{free} seat{'' if free == 1 else 's'}"
            found.append(
                Need(
                    f"{seats} free, {counts['waiting']} on the waiting list",
                    free,
                    page,
                    this.cohort.short_name,
                    action="Offer",
                    action_url=_screen("offer_seats", this),
                )
            )
    return found


@panel(order=100, key="nominations.map", title="Nominations by borough")
def the_map(person, now):
    """Of the programme to which each authority nominates one person."""
    this = next((each for each in _pictured(now) if each.cohort.programme.nominations_per_organisation), None)
    if this is None:
        return None
    return Panel(
        title="Nominations by borough",
        template="office/nominations/map.html",
        context={"map": tile_map(tiles(coverage(this, now))), "round": this, "url": _screen("coverage", this)},
        column="side",
    )


@panel(order=110, key="nominations.funnel", title="From started to accepted")
def the_funnel(person, now):
    return [
        Panel(
            title=f"Nominations for {this.cohort.short_name}",
            template="office/nominations/funnel.html",
            context={"bars": funnel(stages(this)), "round": this},
        )
        for this in _pictured(now)
    ]


def stages(this: Round) -> list[Stage]:
    """How far the nominations of a round have come; each stage counts those that reached it."""
    submitted = Assessment.objects.filter(nomination=OuterRef("pk"), state=Assessment.State.SUBMITTED)
    offered = Offer.objects.filter(nomination=OuterRef("pk"))
    counts = this.nominations.aggregate(
        started=Count("pk"),
        sent=Count("pk", filter=Q(sent_at__isnull=False)),
        complete=Count("pk", filter=Q(completed_at__isnull=False)),
        assessed=Count("pk", filter=Exists(submitted)),
        offered=Count("pk", filter=Exists(offered)),
        accepted=Count("pk", filter=Q(state=State.ACCEPTED)),
    )
    labels = {
        "started": "Started",
        "sent": "Sent",
        "complete": "Accepted by the nominee",
        "assessed": "Assessed",
        "offered": "Offered a place",
        "accepted": "Place accepted",
    }
    return [Stage(label, counts[key]) for key, label in labels.items()]


@standing(order=100, key="nominations.nominations", title="Nominations of somebody, and those they made")
def nominations(person):
    received = person.nominations_received.select_related("round__cohort").order_by("-started_at")
    made = person.nominations_made.select_related("round__cohort").order_by("-started_at")
    return [
        *(
            Standing(
                f"Nomination {each.reference}: {each.get_state_display().lower()}", _page_of(each), each.round.cohort_id
            )
            for each in received
        ),
        *(Standing(f"Nominated {each.nominee_name or 'somebody'} ({each.reference})", _page_of(each)) for each in made),
    ]


def _page_of(nomination: Nomination) -> str:
    return reverse("admin:nominations_nomination_change", args=[nomination.pk])
