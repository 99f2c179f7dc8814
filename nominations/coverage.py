"""Where every organisation stands in a round: the coverage board, and the map on the Today page."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q
from django.urls import reverse

from leaders.components.charts import Tile
from leaders.components.dates import day, day_month, day_time, london_date
from leaders.people.models import Organisation
from leaders.reminders.working_days import working_days_between

from .chasing import Reminded, chase, reminded
from .models import Invitation, NobodyThisTime, Nomination, Round

SILENT_AFTER = 10
"""Working days without a sign after which an invitation counts as silent."""


class Stand(StrEnum):
    NOT_INVITED = "Not invited"
    INVITED = "Invited"
    OPENED = "Opened"
    DRAFTING = "Drafting"
    NOMINATED = "Nominated"
    NOBODY = "Nobody this time"
    SILENT = "Silent"


KINDS = {
    Stand.NOT_INVITED: "neutral",
    Stand.INVITED: "info",
    Stand.OPENED: "info",
    Stand.DRAFTING: "due",
    Stand.NOMINATED: "done",
    Stand.NOBODY: "neutral",
    Stand.SILENT: "late",
}


# Shades of the map: 0 stands out, for somebody has to do something about it.
BANDS = {
    Stand.NOT_INVITED: 0,
    Stand.SILENT: 0,
    Stand.INVITED: 1,
    Stand.OPENED: 1,
    Stand.NOBODY: 1,
    Stand.DRAFTING: 2,
    Stand.NOMINATED: 3,
}


# On the board those come first for whom somebody has to do something.
ORDER = (
    Stand.SILENT, Stand.NOT_INVITED, Stand.DRAFTING, Stand.OPENED, Stand.INVITED, Stand.NOBODY, Stand.NOMINATED
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One organisation: where it stands, since when and through whom, and the next thing to do about it."""

    organisation: Organisation
    stand: Stand
    detail: str
    action: str
    url: str
    nominations: int
    invitations: tuple[Invitation, ...]
    closed: bool
    links: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """A silent organisation is late only once it can no longer answer."""
        return "due" if self.stand == Stand.SILENT and not self.closed else KINDS[self.stand]

    @property
    def people(self) -> list[str]:
        """Whom we know to ask there, and how to reach them."""
        return [
            ", ".join(filter(None, (person.name, person.email, person.phone)))
            for person in (invitation.nominator for invitation in self.invitations)
        ]


def stand(
    *, invited: Sequence[Invitation], drafts: Sequence[Nomination], live: int, nobody: bool, closed: bool, now: datetime
) -> Stand:
    """Where an organisation stands. What it did last counts: nominated, nobody, drafting, opened, then invited."""
    if live:
        return Stand.NOMINATED
    if nobody:
        return Stand.NOBODY
    if any(draft.version for draft in drafts):
        return Stand.DRAFTING
    if drafts or any(invitation.opened_at for invitation in invited):
        return Stand.OPENED
    sent = [invitation.invited_at for invitation in invited if invitation.invited_at]
    if not sent:
        return Stand.NOT_INVITED
    waited = working_days_between(london_date(max(sent)), london_date(now))
    return Stand.SILENT if closed or waited >= SILENT_AFTER else Stand.INVITED


def coverage(this: Round, now: datetime) -> list[Row]:
    """Every organisation that nominates in this round, those first about which somebody has to do something.

    Five queries, however many there are.

    Where any number may nominate, the authorities are listed, and of the others those invited or nominating.
    """
    programme = this.cohort.programme
    invitations, drafts, nominations = defaultdict(list), defaultdict(list), defaultdict(list)
    for invitation in this.invitations.filter(withdrawn_at=None).select_related("nominator"):
        invitations[invitation.organisation_id].append(invitation)
    known = this.nominations.filter(kind=Nomination.Kind.NOMINATION, organisation__isnull=False)
    for nomination in known.select_related("invitation").only(
        "round", "state", "version", "reference", "organisation", "nominator_name", "noted_at", "saved_at",
        "extended_until", "invitation__extended_until",
    ):  # fmt: skip
        (drafts if nomination.is_draft else nominations)[nomination.organisation_id].append(nomination)
    nobodies = {said.organisation_id: said for said in NobodyThisTime.objects.filter(round=this, undone_at=None)}
    organisations = Organisation.objects.active().of_kinds(programme.nominating_kinds)
    if not programme.nominations_per_organisation:
        organisations = organisations.filter(
            Q(kind=Organisation.Kind.AUTHORITY) | Q(pk__in={*invitations, *drafts, *nominations})
        )
    known_chases = reminded(this)
    rows = []
    for organisation in organisations:
        live = [nomination for nomination in nominations[organisation.pk] if nomination.is_live]
        own = tuple(invitations[organisation.pk])
        deadlines = [each.deadline for each in (*own, *drafts[organisation.pk])]
        until = max([this.closes_at, *deadlines])
        closed = now >= until
        stands = stand(
            invited=own,
            drafts=drafts[organisation.pk],
            live=len(live),
            nobody=organisation.pk in nobodies,
            closed=closed,
            now=now,
        )
        detail = _detail(
            stands,
            invitations=own,
            drafts=drafts[organisation.pk],
            live=live,
            nobody=nobodies.get(organisation.pk),
            closed=closed,
        )
        may_chase = [each for each in own if each.invited_at and _may_be_chased(known_chases, each, now)]
        action, url = _action(
            stands,
            this,
            organisation,
            invitations=own,
            drafts=drafts[organisation.pk],
            live=live,
            closed=closed,
            chase=next(iter(may_chase), None),
        )
        more = _more(stands, this, organisation, own, drafts=drafts[organisation.pk], closed=closed)
        notes = [f"May nominate until {day_time(until)}."] if until > this.closes_at and not live else []
        if stands not in {Stand.NOMINATED, Stand.NOBODY}:
            notes += filter(None, [chase(known_chases, own, drafts[organisation.pk]).in_words()])
        rows.append(Row(organisation, stands, detail, action, url, len(live), own, closed, more, tuple(notes)))
    return sorted(rows, key=lambda row: ORDER.index(row.stand))


def _detail(stands, *, invitations, drafts, live, nobody, closed) -> str:
    if stands == Stand.NOMINATED:
        return ", ".join(f"{nomination.reference} by {nomination.nominator_name}" for nomination in live)
    if stands == Stand.NOBODY:
        return f"Said on {day(nobody.said_at)}"
    if stands in {Stand.DRAFTING, Stand.OPENED} and drafts:
        return _begun(drafts[0]) + ", not sent before nominations closed" * closed
    sent = [invitation for invitation in invitations if invitation.invited_at]
    if sent:
        return f"Invited on {day_month(sent[0].invited_at)}" + ", no answer before nominations closed" * closed
    return "To be invited" if invitations else "Nobody was planned" if closed else "Nobody is planned yet"


def _begun(draft: Nomination) -> str:
    """Whose draft it is, and who wrote what is in it: the office what it was told, then whoever saved it since."""
    words = [f"{draft.reference} by {draft.nominator_name}"]
    if draft.noted_at:
        words.append(f"noted by the programme office on {day_month(draft.noted_at)}")
    if draft.saved_at and draft.saved_at != draft.noted_at:
        words.append(f"saved on {day_month(draft.saved_at)}")
    return ", ".join(words)


def _action(stands, this, organisation, *, invitations, drafts, live, closed, chase) -> tuple[str, str]:
    if stands == Stand.NOT_INVITED:
        return ("", "") if closed else _invite(this, organisation, invitations)
    if stands == Stand.SILENT and not closed and chase:
        return "Remind now", reverse("admin:nominations_chase", args=[chase.pk])
    if stands == Stand.NOMINATED or (stands in {Stand.DRAFTING, Stand.OPENED} and drafts):
        what, record = ("nomination", live[0]) if live else ("draft", drafts[0])
        return f"Look at the {what}", reverse("admin:nominations_nomination_change", args=[record.pk])
    if invitations:
        return "Look at the invitation", reverse("admin:nominations_invitation_change", args=[invitations[0].pk])
    return "", ""


def _may_be_chased(known: Reminded, invitation: Invitation, now: datetime) -> bool:
    """Whether a reminder waits that can be brought forward: nobody has two on one day."""
    found = chase(known, [invitation], [])
    return found.next is not None and not found.was_on(london_date(now))


def _invite(this, organisation, invitations) -> tuple[str, str]:
    if invitations:
        page = reverse("admin:nominations_invite", args=[this.pk])
        return "Invite", f"{page}?organisation={organisation.pk}"
    page = reverse("admin:nominations_invitation_add")
    return "Plan a nominator", f"{page}?round={this.pk}&organisation={organisation.pk}"


def _first_sent(invitations) -> Invitation:
    return next(invitation for invitation in invitations if invitation.invited_at)


def _more(stands, this, organisation, invitations, *, drafts, closed) -> tuple[tuple[str, str], ...]:
    """What else can be done about an organisation that has not answered, has nobody, or has a nominator not invited."""
    if stands == Stand.NOBODY and not closed:
        page = reverse("admin:nominations_after_all", args=[this.pk, organisation.pk])
        return (("They have somebody after all", page),)
    if stands in {Stand.NOMINATED, Stand.NOBODY}:
        return ()
    links = []
    if drafts:
        links.append(("More time", reverse("admin:nominations_extend_nomination", args=[drafts[0].pk])))
    elif any(invitation.invited_at for invitation in invitations):
        links.append(("More time", reverse("admin:nominations_extend_invitation", args=[_first_sent(invitations).pk])))
    if closed:
        return tuple(links)
    if any(invitation.invited_at for invitation in invitations):
        links += _they_name(invitations, drafts)
        links.append(("They have nobody", reverse("admin:nominations_answer", args=[this.pk, organisation.pk])))
        first = _first_sent(invitations)
        links.append(("Ask somebody else instead", reverse("admin:nominations_another", args=[first.pk])))
        if any(invitation.invited_at is None for invitation in invitations):
            page = reverse("admin:nominations_invite", args=[this.pk])
            links.append(("Invite who is planned", f"{page}?organisation={organisation.pk}"))
    return tuple(links)


def _they_name(invitations, drafts) -> list[tuple[str, str]]:
    """What a nominator says on the telephone is noted until they begin by themselves."""
    begun = {draft.invitation_id for draft in drafts}
    asked = [invitation for invitation in invitations if invitation.invited_at and invitation.pk not in begun]
    several = len(asked) > 1
    return [
        (
            f"{invitation.nominator} named somebody" if several else "They named somebody",
            reverse("admin:nominations_named", args=[invitation.pk]),
        )
        for invitation in asked
    ]


def with_more_time(this: Round, now: datetime) -> list[tuple[str, datetime]]:
    """Who may still nominate when the round has closed or was released, and until when, the soonest first."""
    after = max(this.closes_at, now)
    answered = {
        *this.nominations.live().filter(quota__isnull=False).values_list("organisation", flat=True),
        *this.nobodies.filter(undone_at=None).values_list("organisation", flat=True),
    }
    drafts = this.nominations.drafts().in_words()
    begun = drafts.filter(Q(extended_until__gt=after) | Q(invitation__extended_until__gt=after))
    invited = this.invitations.sent().filter(extended_until__gt=after).select_related("nominator", "organisation")
    given = [(draft, draft.writer[0], draft.employer) for draft in begun]
    given += [
        (invitation, invitation.nominator.name, invitation.organisation.name)
        for invitation in invited.exclude(pk__in=[draft.invitation_id for draft in begun if draft.invitation_id])
    ]
    found = [
        (f"{name}, {organisation}", each.deadline)
        for each, name, organisation in given
        if each.organisation_id not in answered
    ]
    return sorted(found, key=lambda who: who[1])


def tiles(rows: Sequence[Row]) -> list[Tile]:
    """The London tile map of live nominations: authorities only, the others have no place on it."""
    return [
        Tile(
            code=row.organisation.short_code,
            name=row.organisation.name,
            col=row.organisation.tile_col,
            row=row.organisation.tile_row,
            value=row.nominations,
            shown="–" if row.stand == Stand.NOBODY else "",
            band=BANDS[row.stand],
            url=row.url,
        )
        for row in rows
        if row.organisation.tile_col is not None
    ]
