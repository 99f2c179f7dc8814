"""What needs the office about messages: sentences for the Today page."""

from django.urls import reverse
from django.utils.text import capfirst

from leaders.outbox.models import Message
from leaders.reminders.health import troubles
from leaders.reminders.models import Reminder

from .messages.week import week_ahead
from .registry import Need, Panel, need, panel

State = Message.State
MOST = 500


def _count(found) -> int:
    return found.order_by().values("pk")[:MOST].count()


def _messages(state, sentence, *, late, action) -> Need | None:
    count = _count(Message.objects.filter(state=state))
    page = f"{reverse('admin:outbox_message_changelist')}?state__exact={state}"
    plural = "" if count == 1 else "s"
    return Need(f"{count} message{plural} {sentence}", count, page, late=late, action=action) if count else None


@need(order=800, title="Messages that could not be delivered")
def failed(person, now):
    return _messages(State.FAILED, "could not be delivered", late=True, action="Repair")


@need(order=801, title="Messages of which nobody knows whether they arrived")
def uncertain(person, now):
    return _messages(State.UNCERTAIN, "may or may not have arrived", late=True, action="Decide")


@need(order=802, title="Messages that are held")
def held(person, now):
    return _messages(State.HELD, "held until you have looked", late=False, action="Look")


@need(order=803, title="Reminders that are held")
def held_reminders(person, now):
    count = _count(Reminder.objects.filter(state=Reminder.State.HELD))
    page = f"{reverse('admin:reminders_reminder_changelist')}?state__exact=held"
    return Need(f"{count} reminder{'' if count == 1 else 's'} held", count, page, action="Look") if count else None


@panel(order=800, title="The mail of the week ahead")
def week(person, now):
    days = week_ahead(now)
    if not days:
        return None
    context = {"days": days, "mails": sum(planned.mails for planned in days)}
    return Panel("Mail in the week ahead", "office/messages/week.html", context, column="side")


@need(order=804, title="Mail that stands still")
def standing_still(person, now):
    found = troubles(now)
    if not found:
        return None
    return Need(
        "Mail is not going out as it should",
        1,
        reverse("admin:outbox_message_throughput"),
        detail=capfirst("; ".join(found)),
        late=True,
        action="See",
    )
