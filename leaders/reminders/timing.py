"""On which day a reminder goes out, and when the office's mail may go out at all. Pure: no clock, no settings."""

from datetime import UTC, date, datetime, time, timedelta

from leaders.components.dates import LONDON, london_date

from .working_days import DAY, Days, add_working_days, is_working_day, working_day_on_or_after, working_day_on_or_before

OPENS, CLOSES = time(9), time(18)
WEEK = timedelta(days=7)


def day_of_letter(
    on: date, due: date | None, closed: Days, earliest: date = date.min, *, not_before: bool = False
) -> date:
    """The working day of a letter planned for `on`: the same or an earlier one, so that it is never late.

    What follows its deadline ("your reply is a day late"), or must come `not_before`, would be untrue earlier: that
    moves to a later one. So does what the days closed before `on` would put before `earliest`, as long as it still
    comes by `due`.
    """
    if not_before or (due is not None and on > due):
        return working_day_on_or_after(on, closed)
    chosen = working_day_on_or_before(on, closed)
    if chosen < earliest <= on:
        following = working_day_on_or_after(earliest, closed)
        return following if following <= (due or on) else chosen
    return chosen


def day_of_digest(
    on: date, due: date | None, digest_day: int, earliest: date, closed: Days, *, not_before: bool = False
) -> date:
    """The day of the weekly digest that carries a line planned for `on`.

    It is the last of the person's days (0 is Monday) on or before `on`, or the first one from `on` on when that
    follows a missed deadline or must come `not_before`; where that would be after `due`, a day of its own. When it has
    passed by `earliest`, the next one that still comes by `due`, or else a day of its own that does. What cannot come
    by `due` any more, or is over for more than a week, stays in the past: it is not made up for.
    """
    follows = due is not None and on > due
    after = not_before or follows
    wanted = on + timedelta(days=(digest_day - on.weekday()) % 7)
    if not after and wanted > on:
        wanted -= WEEK
    chosen = day_of_letter(wanted, None, closed, not_before=after)
    alone = day_of_letter(on, due, closed, not_before=not_before)
    if due is not None and not follows and chosen > due:
        chosen = alone
    if chosen >= earliest:
        return chosen
    following = earliest + timedelta(days=(digest_day - earliest.weekday()) % 7)
    following = max(working_day_on_or_before(following, closed), working_day_on_or_after(earliest, closed))
    last = chosen + WEEK if due is None or follows else due
    alone = max(alone, working_day_on_or_after(earliest, closed))
    return next((day for day in (following, alone) if day <= last), chosen)


def first_day(now: datetime, at: time = OPENS) -> date:
    """The first day whose hour `at` is still ahead: what is moved after it today is not sent in haste."""
    today = london_date(now)
    return today if now <= datetime.combine(today, at, LONDON) else today + DAY


def is_open(now: datetime, closed: Days) -> bool:
    """Whether reminders may go out: from 9:00 to 18:00 in London on a working day."""
    local = now.astimezone(LONDON)
    return is_working_day(local.date(), closed) and OPENS <= local.time() < CLOSES


def next_opening(now: datetime, closed: Days) -> datetime:
    """The first moment from `now` on at which reminders may go out."""
    if is_open(now, closed):
        return now
    day = london_date(now)
    if now.astimezone(LONDON).time() >= OPENS:
        day += DAY
    return datetime.combine(working_day_on_or_after(day, closed), OPENS, LONDON)


def closing(day: date, working_days: int, closed: Days) -> datetime:
    """The last moment at which what was for `day` may go out so many working days later."""
    return datetime.combine(add_working_days(day, working_days, closed), CLOSES, LONDON)


def waiting_since(start: datetime, now: datetime, closed: Days) -> timedelta:
    """How long something could have gone out from `start` on and has not; nights and closed days do not count."""
    first = london_date(start)
    waited = timedelta()
    for n in range((london_date(now) - first).days + 1):
        day = first + n * DAY
        if is_working_day(day, closed):
            opened, closed_at = (datetime.combine(day, at, LONDON).astimezone(UTC) for at in (OPENS, CLOSES))
            waited += max(min(now, closed_at) - max(start, opened), timedelta())
    return waited
