"""What needs the director now, gathered from every app."""

from dataclasses import dataclass
from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone

from leaders.outbox.models import Message
from leaders.people.models import AuditEvent, PastTime, Person, PrivacyRequest, Role

from .registry import Need, Panel, leads, need, needs, panels

SHOWN_OF_TODAY = 8


@dataclass(frozen=True)
class Today:
    """The front page: sentences about where things stand, what needs somebody, pictures, and what was done."""

    leads: list[str]
    needs: list[Need]
    main: list[Panel]
    side: list[Panel]
    done: list[AuditEvent]
    sent: int
    bounced: int


def today(person: Person, now: datetime) -> Today:
    """Everything on the Today page; late needs come first, then the order in which apps bring them."""
    wanted = _gather(needs, person, now)
    pictures = _gather(panels, person, now)
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(now), time()))
    return Today(
        leads=_gather(leads, person, now),
        needs=sorted((found for found in wanted if found.count), key=lambda found: not found.late),
        main=[picture for picture in pictures if picture.column == "main"],
        side=[picture for picture in pictures if picture.column == "side"],
        done=list(AuditEvent.objects.filter(at__gte=midnight, at__lte=now)[:SHOWN_OF_TODAY]),
        sent=Message.objects.filter(sent_at__gte=midnight, sent_at__lte=now).count(),
        bounced=Message.objects.filter(state=Message.State.FAILED, due_at__gte=midnight, due_at__lte=now).count(),
    )


def _gather(joint, person, now) -> list:
    found = []
    for part in joint:
        brought = part.brings(person, now)
        found += brought if isinstance(brought, list) else [brought] if brought else []
    return found


@need(order=910)
def privacy_requests(person, now):
    """Rights have a clock: a month to answer."""
    waiting = list(
        PrivacyRequest.objects.filter(answered_at=None).order_by("due_on").values_list("due_on", flat=True)[:50]
    )
    if not waiting:
        return None
    count = len(waiting)
    page = reverse("admin:people_privacyrequest_changelist") + "?answered_at__isempty=1"
    return Need(
        sentence=f"{count} privacy request{'' if count == 1 else 's'} to answer",
        count=count,
        url=page,
        detail=f"The first is due {waiting[0]:%-d %B}",
        late=waiting[0] < timezone.localdate(now),
        action="Answer",
        action_url=page,
    )


@need(order=920)
def past_their_time(person, now):
    """What has been kept for as long as was promised; counted by the worker."""
    if not person.has_role(Role.DIRECTOR):
        return None
    found = list(PastTime.objects.filter(count__gt=0).values_list("count", flat=True))
    if not found:
        return None
    page = reverse("admin:people_retention")
    count = sum(found)
    return Need(
        sentence=f"{count:,} record{' is' if count == 1 else 's are'} past the time for which we keep them",
        count=count,
        url=page,
        detail=f"Of {len(found)} kind{'' if len(found) == 1 else 's'}. Nothing goes before you say so",
        action="Look through",
        action_url=page,
    )
