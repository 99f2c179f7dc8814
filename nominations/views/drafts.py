"""The pages of one draft: the task list, its questions, check and send, the receipt."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from leaders.components.dates import clock, day_time, london_date
from leaders.documents.actions import latest
from leaders.documents.models import Document
from leaders.people.refusals import NotPossible
from nominations import actions, links
from nominations.forms import Attest, Reason, form_of
from nominations.journey import Journey, Page, Section, journey_of, words_written
from nominations.models import NobodyThisTime, Nomination

from .frame import by_link, frame, not_possible, posted
from .public import nobody_page

State = Nomination.State


def _nomination(pk):
    return Nomination.objects.in_words().filter(pk=pk).first()


draft_page = by_link(links.DRAFT, _nomination)


def address(nomination: Nomination, token: str, name: str = "", *args) -> str:
    """The address of a page of this draft: name is "check", "page", … or empty for the task list."""
    base = "application" if nomination.is_application else "nomination"
    return reverse(f"{base}_{name}" if name else base, args=[token, *args])


def around(nomination: Nomination, token: str) -> dict:
    """The context of each of these pages."""
    return {
        **frame(nomination.round),
        "nomination": nomination,
        "what": "application" if nomination.is_application else "nomination",
        "urls": {
            name or "tasks": address(nomination, token, name)
            for name in (
                "", "check", "sent", "copy", "link", "delete", "withdraw", "share", "nobody", "replace", "substitute",
            )
        },
    }  # fmt: skip


def journey_for(nomination: Nomination) -> tuple[Journey, list]:
    criteria = list(nomination.round.cohort.programme.criteria.all())
    return journey_of(nomination, criteria), criteria


@draft_page
def tasks(request, nomination, link, now):
    """The task list: what is done, what is left, how long it takes."""
    if not nomination.is_draft:
        return redirect(address(nomination, link.token, "sent"))
    if not nomination.takes_changes(now):
        return closed(request, nomination)
    journey, criteria = journey_for(nomination)
    clashes = list(nomination.clashes.filter(settled_at=None))
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
            "hint": "" if ready else f"You can send when the {number} sections above are complete",
            "kind": "info" if ready else "blocked",
            "status": "Ready" if ready else "",
        }
    )
    steps = [
        "done" if section in done else "part" if section.is_begun(nomination) else "todo"
        for section in journey.sections
    ]
    minutes = sum(section.minutes for section in left) + 1
    first = next((page for section in left for page in section.pages if not page.is_complete(nomination)), None)
    return render(
        request,
        "nominations/tasks.html",
        {
            **around(nomination, link.token),
            "tasks": rows,
            "steps": [*steps, "todo"],
            "progress": f"{len(done)} of {len(rows)} sections completed. About {minutes} "
            f"minute{'' if minutes == 1 else 's'} left.",
            "saved_at": _clock(nomination, now),
            "first": first and address(nomination, link.token, "page", first.key),
            "first_title": next((section.title for section in left), ""),
            "ready": ready,
            "clashes": [(clash, journey.pages[clash.page], address(nomination, link.token, "both", clash.pk))
                        for clash in clashes if clash.page in journey.pages],
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


def closed(request, nomination: Nomination) -> HttpResponse:
    return not_possible(
        request,
        f"The last moment to send it was {day_time(nomination.deadline)}. What you wrote is kept. If something kept "
        f"you, ask {nomination.cohort.contact}: more time is sometimes possible.",
        nomination.round,
        heading="Nominations have closed",
        status=200,
    )


@draft_page
def page(request, nomination, link, now, page):
    """One page of questions; saved on every press of the button."""
    journey, criteria = journey_for(nomination)
    section = journey.section(page)
    if section and page not in journey.pages:  # /why/ leads to its first question
        return redirect(address(nomination, link.token, "page", section.pages[0].key))
    if page not in journey.pages:
        raise Http404
    if not nomination.is_draft:
        return redirect(address(nomination, link.token, "sent"))
    if not nomination.takes_changes(now):
        return closed(request, nomination)
    context = {**around(nomination, link.token), "criteria": criteria}
    back_to = address(nomination, link.token, "check") if "check" in request.GET else ""
    return answer_page(
        request,
        nomination,
        journey,
        journey.pages[page],
        now,
        context=context,
        by=nomination.writer[0],
        url=lambda key: address(nomination, link.token, "page", key),
        done=back_to or address(nomination, link.token),
        both=lambda clash: address(nomination, link.token, "both", clash.pk),
    )


def answer_page(request, nomination, journey, this, now, *, context, by, url, done, both):
    """Show and save one page: also for a colleague who fills in a section by a link of their own."""
    form = form_of(this, nomination, posted(request))
    if request.method == "POST":
        later = "later" in request.POST
        if form.is_valid() or (later and form.only_missing):
            try:
                actions.save_section(
                    nomination=nomination, page=this.key, values=form.values(), seen=form.cleaned_data.get("seen"),
                    by=by, now=now,
                )  # fmt: skip
            except actions.Stale as stale:
                return redirect(both(stale.clash))
            following = journey.following(this)
            return redirect(url(following.key) if following and not later and "check" not in request.GET else done)
    before = journey.preceding(this)
    section = journey.section_of(this)
    return render(
        request,
        "nominations/page.html",
        {
            **context,
            "form": form,
            "page": this,
            "section_title": section.title,
            "position": section.pages.index(this) + 1,
            "pages_in_section": len(section.pages),
            "heading": this.title,
            "heading_in_form": bool(this.criterion) or this.key == "commitment/access",
            "readers": readers_of(this, nomination),
            "modules": module_weeks(nomination) if this.key in {"council", "commitment"} else [],
            "back_url": url(before.key) if before else done,
            "section": section.title,
        },
        status=422 if form.errors else 200,
    )


def readers_of(page, nomination: Nomination) -> str:
    """Who reads what is written on this page; none of it for plain contact details."""
    contact = nomination.cohort.contact
    if page.criterion or page.key == "commitment/statement":
        return f"{contact} and the selection panel, who see it without names and organisations."
    if page.key == "commitment/access":
        return "Only the people who organise the days. It is stored encrypted and removed when the cohort closes."
    return ""


def module_weeks(nomination: Nomination) -> list:
    """The modules with the days on which they begin, by the programme's outline."""
    cohort = nomination.cohort
    return [(module, cohort.starts_on + timedelta(weeks=module.week)) for module in cohort.programme.outline.all()]


@draft_page
def both(request, nomination, link, now, pk):
    """Two texts for one page: see both, choose one."""
    clash = get_object_or_404(nomination.clashes.filter(settled_at=None), pk=pk)
    journey, _ = journey_for(nomination)
    this = journey.pages[clash.page]
    if request.method == "POST" and request.POST.get("keep") in {"typed", "saved"}:
        values = clash.typed if request.POST["keep"] == "typed" else this.answers(nomination)
        actions.settle_clash(clash=clash, values=values, by=nomination.writer[0], now=now)
        messages.success(request, "Kept. The other text is gone.")
        return redirect(address(nomination, link.token))
    return render(
        request,
        "nominations/both.html",
        {
            **around(nomination, link.token),
            "page": this,
            "texts": [
                (label, clash.typed.get(name, ""), nomination.value(name)) for name, label in asked(this, nomination)
            ],
            "back_url": address(nomination, link.token),
        },
    )


def asked(page: Page, nomination: Nomination) -> list[tuple[str, str]]:
    """What a page asks, by the name of the answer and in the words of its form."""
    form = form_of(page, nomination)
    return [(form.answer(name), form.fields[name].label) for name in form.asked()]


@draft_page
def check(request, nomination, link, now):
    """All answers on one page; a named person stands by them and sends."""
    if not nomination.is_draft:
        return redirect(address(nomination, link.token, "sent"))
    if not nomination.takes_changes(now):
        return closed(request, nomination)
    journey, _ = journey_for(nomination)
    form = Attest(posted(request))
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.send_nomination(
                nomination=nomination, attested_by=nomination.writer[0], by=nomination.writer[0], now=now
            )
        except actions.AlreadyNominated:
            return redirect(address(nomination, link.token, "replace"))
        except NotPossible as refused:
            problem = str(refused)
            form.add_error(None, problem)
        else:
            return redirect(address(nomination, link.token, "sent"))
    sections = [
        (
            section,
            [
                {
                    "key": label,
                    "value": shown(nomination.value(name)),
                    "url": address(nomination, link.token, "page", page.key) + "?check",
                }
                for page in section.pages
                for name, label in asked(page, nomination)
            ],
        )
        for section in journey.sections
    ]
    return render(
        request,
        "nominations/check.html",
        {
            **around(nomination, link.token),
            "form": form,
            "sections": sections,
            "missing": journey.missing(nomination),
            "back_url": address(nomination, link.token),
        },
        status=422 if form.errors else 200,
    )


def shown(value) -> str:
    return {True: "Yes", False: ""}.get(value, value) if isinstance(value, bool) else value


@draft_page
def sent(request, nomination, link, now):
    """The receipt: bookmarkable, with the reference, what happens next and when, and the copy."""
    if nomination.is_draft:
        return redirect(address(nomination, link.token))
    return render(
        request,
        "nominations/sent.html",
        {
            **around(nomination, link.token),
            "copy": latest("nominations.record", nomination),
            "may_substitute": not nomination.is_application
            and nomination.state in {State.SENT, State.COMPLETE, State.NOMINEE_DECLINED}
            and now < nomination.round.substitutes_until,
            "may_withdraw": nomination.state in {State.SENT, State.COMPLETE, State.OFFERED, State.WAITING},
            "states": State,
        },
    )


@draft_page
def copy(request, nomination, link, now):
    """The PDF copy, once the worker has made it."""
    found = latest("nominations.record", nomination) if nomination.sent_at else None
    if found is None or found.state != Document.State.READY:
        messages.info(request, "Your copy is being prepared. It is ready in a minute; this page then opens it.")
        return redirect(address(nomination, link.token, "sent"))
    response = HttpResponse(bytes(found.content), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.filename or nomination.reference + ".pdf"}"'
    return response


@draft_page
def mail_link(request, nomination, link, now):
    """Email the link again: the address is the draft's own, so nobody else's inbox can be filled."""
    _, email = nomination.writer
    if request.method == "POST":
        actions.mail_link_again(nomination=nomination, now=now)
        messages.success(request, f"We have emailed your private link to {email}.")
    return redirect(address(nomination, link.token))


@draft_page
def delete(request, nomination, link, now):
    if request.method == "POST":
        actions.delete_draft(nomination=nomination, by=nomination.writer[0], now=now)
        return render(
            request,
            "nominations/notice.html",
            {**frame(nomination.round), "heading": "Deleted", "lede": f"The draft {nomination.reference} is gone."},
        )
    return sure(
        request,
        nomination,
        link,
        heading="Delete this draft?",
        lede=f"Everything you wrote in {nomination.reference} is deleted for good, and the private link stops working.",
        button="Delete the draft",
        warning=True,
    )


def sure(request, nomination, link, *, form=None, status: int = 200, **words):
    """A page that asks once more before something happens."""
    back_url = address(nomination, link.token)
    return render(
        request,
        "nominations/sure.html",
        {**around(nomination, link.token), "form": form, "back_url": back_url, **words},
        status=status,
    )


@draft_page
def withdraw(request, nomination, link, now):
    """Take a sent nomination back, with a reason if one likes."""
    form = Reason(posted(request))
    if request.method == "POST" and form.is_valid():
        actions.withdraw_nomination(
            nomination=nomination, reason=form.cleaned_data["reason"], by=nomination.writer[0], now=now
        )
        return redirect(address(nomination, link.token, "sent"))
    return sure(
        request,
        nomination,
        link,
        form=form,
        heading=f"Withdraw {nomination.reference}?",
        lede=f"{nomination.nominee_name} hears that the {nomination.get_kind_display().lower()} was withdrawn, and "
        "it goes no further.",
        button="Withdraw",
        warning=True,
    )


@draft_page
def nobody(request, nomination, link, now):
    """Nobody this time, said from a draft, which is kept for a change of mind."""
    if nomination.is_application or not nomination.organisation:
        raise Http404
    this, organisation = nomination.round, nomination.organisation
    form = Reason(posted(request))
    if request.method == "POST" and "undo" in request.POST:
        actions.undo_nobody(round=this, organisation=organisation, by=nomination.writer[0], now=now)
        return redirect(address(nomination, link.token))
    if request.method == "POST" and form.is_valid():
        person = actions.known_nominator(nomination=nomination, now=now)
        actions.nobody_this_time(
            round=this, organisation=organisation, person=person, reason=form.cleaned_data["reason"], by=person, now=now
        )
        return redirect(address(nomination, link.token, "nobody"))
    said = NobodyThisTime.objects.filter(round=this, organisation=organisation, undone_at=None).first()
    if said:
        return sure(
            request,
            nomination,
            link,
            heading="Noted: nobody this time",
            lede=f"Thank you. {nomination.organisation} hears no more from us about {nomination.cohort.name}. You can "
            f"change your mind until {day_time(nomination.deadline)}; your draft is kept until then.",
            button="Nominate after all",
            name="undo",
        )
    return nobody_page(request, form, nomination.round, nomination.organisation, address(nomination, link.token))


@draft_page
def replace(request, nomination, link, now):
    """The authority has its nomination: whom to ask, and the offer to replace it."""
    if not nomination.is_draft:
        return redirect(address(nomination, link.token, "sent"))
    standing = (
        nomination.round.nominations.live()
        .in_words()
        .filter(organisation=nomination.organisation, quota__isnull=False)
        .first()
    )
    if standing is None:
        return redirect(address(nomination, link.token, "check"))
    replacement = getattr(nomination, "replacement", None)
    if request.method == "POST":
        replacement = actions.ask_to_replace(draft=nomination, by=nomination.writer[0], now=now)
        if replacement.agreed_at:
            actions.send_nomination(
                nomination=nomination, attested_by=nomination.writer[0], by=nomination.writer[0], now=now
            )
            return redirect(address(nomination, link.token, "sent"))
        return redirect(address(nomination, link.token, "replace"))
    return render(
        request,
        "nominations/already.html",
        {
            **around(nomination, link.token),
            "standing": standing,
            # Only an invited colleague, whose address we chose ourselves, is told who nominated.
            "names_colleague": nomination.invitation_id is not None,
            "same_person": standing.nominator_email == nomination.nominator_email,
            "asked": replacement,
            "back_url": address(nomination, link.token),
        },
    )


@draft_page
def substitute(request, nomination, link, now):
    """Put forward somebody else: begins a draft that takes the place of this nomination when it is sent."""
    if request.method == "POST":
        draft = actions.substitute_nominee(nomination=nomination, by=nomination.writer[0], now=now)
        return redirect(actions.draft_path(draft, now))
    return sure(
        request,
        nomination,
        link,
        heading="Nominate somebody else?",
        lede=f"You begin a new draft; what your organisation will do is copied. The nomination of "
        f"{nomination.nominee_name} stands until you send the new one, at the latest on "
        f"{day_time(nomination.round.substitutes_until)}.",
        button="Begin",
    )
