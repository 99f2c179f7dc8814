"""The task list and its questions, page by page."""

from collections.abc import Mapping
from types import MappingProxyType

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from cohorts.registry import courses
from leaders.components.dates import clock, day_time, london_date
from leaders.components.text import with_article
from leaders.people.refusals import NotPossible
from nominations import actions
from nominations.forms import Choice, form_of
from nominations.journey import Page, Section, words_written
from nominations.models import NobodyThisTime, Nomination
from nominations.questions import questions_of
from nominations.views.frame import posted

from .afterwards import mail_again
from .around import (
    address,
    around,
    author,
    closed,
    draft_page,
    fee_of,
    is_proved,
    journey_for,
    open_clashes,
    standing_of,
)

NO_DOORS: Mapping[str, str] = MappingProxyType({})


@draft_page
def tasks(request, nomination, link, now):
    """The task list: what is done, what is left, how long it takes."""
    if not nomination.is_draft:
        return redirect(address(nomination, link.token, "sent"))
    if not nomination.takes_changes(now):
        return closed(request, nomination)
    journey, criteria = journey_for(nomination)
    clashes = open_clashes(nomination, journey, link.token)
    shares = list(nomination.shares.filter(revoked_at=None))
    done = [section for section in journey.sections if section.is_complete(nomination)]
    left = [section for section in journey.sections if section not in done]
    rows = [
        {
            "label": section.title,
            "url": address(nomination, link.token, "page", section.pages[0].key),
            "hint": hint_of(section, nomination, criteria, shares),
            **status_of(section, nomination),
        }
        for section in journey.sections
    ]
    ready = not left and not clashes
    number = {2: "two", 3: "three", 4: "four"}.get(len(journey.sections), len(journey.sections))
    rows.append(
        {
            "label": "Check and send",
            "url": address(nomination, link.token, "check") if ready else "",
            "hint": ""
            if ready
            else f"You can send when the {number} sections above are complete"
            if left
            else "You can send when you have chosen between the two texts above",
            "kind": "info" if ready else "blocked",
            "status": "Ready" if ready else "",
        }
    )
    steps = [
        "done" if section in done else "part" if section.is_begun(nomination) else "todo"
        for section in journey.sections
    ]
    roles = nomination.cohort.programme.eligible_roles
    minutes = sum(section.minutes for section in left) + 1
    open_pages = [page for section in left for page in section.pages if not page.is_complete(nomination)]
    first = next(iter(sorted(open_pages, key=lambda page: left_last(page, nomination))), None)
    return render(
        request,
        "nominations/tasks.html",
        {
            **around(nomination, link.token),
            "whom": with_article(roles[0]) if len(roles) == 1 else "somebody",
            "tasks": rows,
            "steps": [*steps, "todo"],
            "progress": f"{len(done)} of {len(rows)} sections completed. About {minutes} "
            f"minute{'' if minutes == 1 else 's'} left.",
            "saved_at": _clock(nomination, now),
            "first": first and address(nomination, link.token, "page", first.key),
            "first_title": first and journey.section_of(first).title,
            "ready": ready,
            "proved": is_proved(nomination, link),
            "clashes": clashes,
            "standing": standing_of(nomination),
            "nobody": nomination.quota and not nomination.is_application and NobodyThisTime.objects.filter(
                round=nomination.round, organisation=nomination.organisation, undone_at=None
            ).first(),
            "shares": shares,
            "may_share": any(section.shareable for section in journey.sections),
            "replaces": getattr(nomination, "replacement", None) if nomination.quota else None,
        },
    )  # fmt: skip


def _clock(nomination: Nomination, now) -> str:
    """Saved at 10:42, or with its day when that was not today."""
    if not nomination.saved_at:
        return ""
    today = london_date(nomination.saved_at) == london_date(now)
    return f"at {clock(nomination.saved_at)}" if today else f"on {day_time(nomination.saved_at)}"


def left_last(page: Page, nomination: Nomination) -> int:
    """For sorting: the page that somebody left half way last comes first, pages that nobody left after them all."""
    return -nomination.unfinished.index(page.key) - 1 if page.key in nomination.unfinished else 0


def hint_of(section: Section, nomination: Nomination, criteria, shares) -> str:
    """What is written so far, else what the section asks."""
    waiting = [share.name for share in shares if share.section == section.key and not share.filled_at]
    if waiting and not section.is_complete(nomination):
        return f"With {', '.join(waiting)}"
    if section.key == "nominee" and nomination.nominee_name:
        written = (nomination.nominee_name, nomination.nominee_role_title, nomination.nominee_service)
        return ", ".join(filter(None, written))
    if section.key == "why":
        words = words_written(nomination, criteria)
        return f"{words} words written, for {len(criteria)} criteria" if words else section.hint
    return section.hint


def status_of(section: Section, nomination: Nomination) -> dict:
    if section.is_complete(nomination):
        return {"kind": "done", "status": "Completed"}
    if section.is_begun(nomination):
        return {"kind": "info", "status": "In progress"}
    return {"kind": "neutral", "status": "Not started"}


@draft_page
def page(request, nomination, link, now, page):
    """One page of questions; saved on every press of the button, even of one that comes after the deadline."""
    journey, criteria = journey_for(nomination)
    section = journey.section(page)
    if section and page not in journey.pages:  # /why/ leads to its first question
        return redirect(address(nomination, link.token, "page", section.pages[0].key))
    if page not in journey.pages:
        raise Http404
    if request.method != "POST" and not nomination.is_draft:
        return redirect(address(nomination, link.token, "sent"))
    if request.method != "POST" and not nomination.takes_changes(now):
        return closed(request, nomination)
    doors = {
        "nobody": address(nomination, link.token, "nobody"),
        "questions": reverse("nominate_questions", args=[nomination.cohort.slug])
        + ("?apply" if nomination.is_application else ""),
        "link": address(nomination, link.token),
    }
    if "link" in request.POST:
        mail_again(request, nomination, link, now)
    context = {**around(nomination, link.token), "criteria": criteria, "saves_first": True}
    back_to = address(nomination, link.token, "check") if "check" in request.GET else ""
    return answer_page(
        request,
        nomination,
        journey,
        journey.pages[page],
        now,
        context=context,
        by=author(nomination, link),
        url=lambda key: address(nomination, link.token, "page", key),
        done=back_to or address(nomination, link.token),
        both=lambda clash: address(nomination, link.token, "both", clash.pk),
        doors=doors,
    )


def answer_page(request, nomination, journey, this, now, *, context, by, url, done, both, doors=NO_DOORS):
    """Show and save one page: also for a colleague who fills in a section by a link of their own.

    Whatever leads away from it saves it first: `doors` are the addresses behind the buttons beside it, by name.
    What cannot be saved any more comes back with the reason, so that nobody loses their words.
    """
    form = form_of(this, nomination, posted(request))
    before = journey.preceding(this)
    doors = {"later": done, "back": url(before.key) if before else done, **doors}
    if request.method == "POST":
        door = next((doors[name] for name in doors if name in request.POST), "")
        finished = not door and nomination.takes_changes(now)
        if form.is_valid() or (not finished and form.may_wait):
            try:
                actions.save_section(
                    nomination=nomination, page=this.key, values=form.values(), seen=form.cleaned_data.get("seen"),
                    finished=finished, by=by, now=now,
                )  # fmt: skip
            except actions.Stale as stale:
                return redirect(both(stale.clash))
            except NotPossible as refused:
                form.add_error(None, str(refused))
            else:
                if form.too_long:
                    messages.info(request, f"Saved. {' '.join(form.too_long)} Shorten it before it is sent.")
                following = journey.following(this)
                onward = url(following.key) if following and finished and "check" not in request.GET else done
                return redirect(door or onward)
    section = journey.section_of(this)
    return render(
        request,
        "nominations/page.html",
        {
            **context,
            "form": form,
            "form_id": "page",
            "page": this,
            "section_title": section.title,
            "position": section.pages.index(this) + 1,
            "pages_in_section": len(section.pages),
            "heading": this.title,
            "heading_in_form": bool(this.criterion) or this.key == "commitment/access",
            "intro": fee_of(nomination) if this.key == "council/fee" else "",
            "readers": readers_of(this, nomination),
            "modules": module_weeks(nomination) if this.key in {"council", "commitment"} else [],
            "section": section.title if section.title != this.title else "",
        },
        status=422 if form.errors else 200,
    )


def readers_of(page, nomination: Nomination) -> str:
    """Who reads what is written on this page; none of it for plain contact details."""
    contact = nomination.cohort.contact
    if page.criterion or page.key == "commitment/statement":
        return (
            f"{contact} and the selection panel, who see it without names and organisations; words such as “she” or "
            "“his” stay."
        )
    if page.key == "commitment/access":
        return "Only the people who organise the days. It is stored encrypted and removed when the cohort closes."
    return ""


def module_weeks(nomination: Nomination) -> list:
    """The modules with the days on which they begin, as they are planned."""
    return [module for part in courses for module in part.brings(nomination.cohort)]


@draft_page
def both(request, nomination, link, now, pk):
    """Two texts for one page: see both, choose one; if a third came meanwhile, look again."""
    journey, _ = journey_for(nomination)
    clash = get_object_or_404(nomination.clashes.filter(page__in=journey.pages), pk=pk)
    if clash.settled_at:
        messages.info(request, "One of the two texts was chosen already.")
        return redirect(address(nomination, link.token))
    this = journey.pages[clash.page]
    form = Choice(posted(request))
    if request.method == "POST" and form.is_valid():
        keep, seen = form.cleaned_data["keep"], form.cleaned_data["seen"]
        values = clash.typed if keep == "typed" else this.answers(nomination)
        try:
            actions.settle_clash(clash=clash, values=values, seen=seen, by=author(nomination, link), now=now)
        except actions.Stale:
            messages.info(request, "This page was changed once more since you looked. Please look at both texts again.")
            return redirect(address(nomination, link.token, "both", clash.pk))
        messages.success(request, "Kept. The other text is gone.")
        return redirect(address(nomination, link.token))
    return render(
        request,
        "nominations/both.html",
        {
            **around(nomination, link.token),
            "heading": "Two texts for one page",
            "lede": f"“{this.title}” was changed in another window, or by a colleague, after you had opened it.",
            "seen": nomination.version,
            "texts": [
                (
                    question.label,
                    question.said(clash.typed.get(question.name, "")),
                    question.said(nomination.value(question.name)),
                )
                for question in questions_of(this, nomination)
            ],
            "back_url": address(nomination, link.token),
        },
    )
