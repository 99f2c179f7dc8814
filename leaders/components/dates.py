"""How dates, times and waits are said on screen and in mail: British, London time, no clock of its own."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

HALF_A_YEAR = 183  # days
LONDON = ZoneInfo("Europe/London")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def london(moment: date | datetime) -> date | datetime:
    """The moment as London's clocks show it; a plain date, or a naive time already local, stays as it is."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(LONDON)
    return moment


def london_date(moment: date | datetime) -> date:
    """The calendar day in London."""
    local = london(moment)
    return local.date() if isinstance(local, datetime) else local


def day_month(moment: date | datetime) -> str:
    """14 May"""
    d = london_date(moment)
    return f"{d.day} {MONTHS[d.month - 1]}"


def weekday_day_month(moment: date | datetime) -> str:
    """Friday 14 May"""
    return f"{WEEKDAYS[london_date(moment).weekday()]} {day_month(moment)}"


def day(moment: date | datetime) -> str:
    """Friday 14 May 2027"""
    return f"{weekday_day_month(moment)} {london_date(moment).year}"


def short_day(moment: date | datetime) -> str:
    """Fri 14 May"""
    d = london_date(moment)
    return f"{WEEKDAYS[d.weekday()][:3]} {d.day} {MONTHS[d.month - 1][:3]}"


def needs_year(moment: date | datetime, now: date | datetime) -> bool:
    """Whether a day misleads without its year: not of this one, or more than half a year off."""
    d, today = london_date(moment), london_date(now)
    return d.year != today.year or abs((d - today).days) > HALF_A_YEAR


def year_near(moment: date | datetime, now: date | datetime) -> str:
    """2028, where the year is needed; otherwise empty."""
    return str(london_date(moment).year) if needs_year(moment, now) else ""


def day_month_near(moment: date | datetime, now: date | datetime) -> str:
    """14 May; 14 May 2028 where the year is needed."""
    return f"{day_month(moment)} {year_near(moment, now)}".rstrip()


def month_year(moment: date | datetime) -> str:
    """May 2027"""
    d = london_date(moment)
    return f"{MONTHS[d.month - 1]} {d.year}"


def clock(moment) -> str:
    """5pm, 9:30am, midday, midnight. Takes a datetime or a time."""
    t = london(moment) if isinstance(moment, datetime) else moment
    if (t.hour, t.minute) in {(0, 0), (12, 0)}:
        return "midday" if t.hour else "midnight"
    minutes = f":{t.minute:02}" if t.minute else ""
    return f"{t.hour % 12 or 12}{minutes}{'am' if t.hour < 12 else 'pm'}"


def day_time(moment: datetime) -> str:
    """Friday 14 May 2027, 5pm"""
    return f"{day(moment)}, {clock(moment)}"


def moment(at: date | datetime) -> str:
    """A day, with its time when it has one."""
    return day_time(at) if isinstance(at, datetime) else day(at)


def short_day_time(moment: datetime) -> str:
    """Fri 14 May 2027, 5pm"""
    return f"{short_day(moment)} {london_date(moment).year}, {clock(moment)}"


def is_over(at: date | datetime, now: datetime) -> bool:
    """Whether a moment has passed, or a day is behind us in London."""
    return at <= now if isinstance(at, datetime) else at < london_date(now)


def time_range(start, end) -> str:
    """9:30am to 5pm"""
    return f"{clock(start)} to {clock(end)}"


def date_range(start: date | datetime, end: date | datetime, *, year: bool = False) -> str:
    """15 to 16 September; 30 September to 1 October; the years are said when they differ or are asked for."""
    first, last = london_date(start), london_date(end)
    tail = f" {last.year}" if year or first.year != last.year else ""
    if first == last:
        return day_month(last) + tail
    if first.year != last.year:
        return f"{day_month(first)} {first.year} to {day_month(last)}{tail}"
    head = str(first.day) if first.month == last.month else day_month(first)
    return f"{head} to {day_month(last)}{tail}"


def days_between(moment: date | datetime, now: date | datetime) -> int:
    """Calendar days in London from `now` to `moment`: 0 today, 1 tomorrow, negative when past."""
    return (london_date(moment) - london_date(now)).days


def span(days: int) -> str:
    """A length of time as people say it: 4 days, 2 weeks, 3 months. `days` is not negative."""
    if days < 14:
        count, unit = days, "day"
    elif days < 60:
        count, unit = round(days / 7), "week"
    else:
        count, unit = round(days / 30.44), "month"
    return f"{count} {unit}{'' if count == 1 else 's'}"


def when(moment: date | datetime, now: date | datetime) -> str:
    """today, tomorrow, yesterday, in 4 days, in 2 weeks, 3 months ago."""
    days = days_between(moment, now)
    if -1 <= days <= 1:
        return ("yesterday", "today", "tomorrow")[days + 1]
    return f"in {span(days)}" if days > 0 else f"{span(-days)} ago"


def due(moment: date | datetime, now: date | datetime) -> str:
    """due today, due tomorrow, due in 4 days, 3 days late.

    A deadline with a time of day is late from that minute, though the day is the same.
    """
    days = days_between(moment, now)
    if days < 0:
        return f"{span(-days)} late"
    if days == 0 and isinstance(moment, datetime) and isinstance(now, datetime) and moment < now:
        return "late"
    return f"due {when(moment, now)}"


def due_kind(moment: date | datetime, now: date | datetime, *, soon: int = 14) -> str:
    """The tag for a deadline: late, due (within `soon` days) or neutral."""
    if due(moment, now).endswith("late"):
        return "late"
    return "due" if days_between(moment, now) <= soon else "neutral"


def minutes_needed(minutes: int) -> str:
    """about 10 minutes, about an hour, about an hour and a half, about 2 hours."""
    if minutes < 55:
        return "about a minute" if minutes <= 1 else f"about {minutes} minutes"
    halves = round(minutes / 30)
    hours, half = divmod(halves, 2)
    if hours == 1:
        return "about an hour and a half" if half else "about an hour"
    return f"about {hours} and a half hours" if half else f"about {hours} hours"
