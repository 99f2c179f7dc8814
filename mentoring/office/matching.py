"""Matching day in the office: one screen per cohort, a page per pair, what-if, two proposals side by side, confirm."""

from datetime import datetime

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Cohort, Place
from leaders.components.dates import day, london_date
from leaders.office.admin import confirm, office_page
from leaders.people.refusals import NotPossible
from mentoring import actions
from mentoring.actions.runs import REPLACED
from mentoring.models import (
    Dial,
    MatchQuestion,
    MatchRun,
    MenteeProfile,
    Mentor,
    MentoringRules,
    Mentorship,
    Mode,
    Ruling,
)
from mentoring.models.matching import CONFIRMED_AT_ONCE, key_of, mentee_id, mentor_id
from mentoring.waiting import not_covered
from mentoring.wording import ORDINALS, in_words, percent

from .mentors import mentors_and_seats
from .reach import reach

Kind = MatchQuestion.Kind
COHORTS_SHOWN = 20
EARLIER = 12
PAIRS_SHOWN = 400
SILENT_SHOWN = 50


def matches(request):
    """The cohorts whose people are or will be matched."""
    cohorts = Cohort.objects.filter(status__in=[Cohort.Status.PLANNED, Cohort.Status.LIVE])
    with_mentoring = cohorts.exclude(programme__mentoring_rules__has_mentoring=False)
    counted = with_mentoring.annotate(running=Count("mentorships", filter=Q(mentorships__state__in=Mentorship.LIVE)))
    found = [
        {"cohort": cohort, "on": MentoringRules.of(cohort).matching_on(cohort), "running": cohort.running}
        for cohort in counted.select_related("programme__mentoring_rules").order_by("-starts_on")[:COHORTS_SHOWN]
    ]
    return office_page(request, "office/mentoring/matches.html", title="Matching", found=found)


def _cohort(pk) -> Cohort:
    return get_object_or_404(Cohort.objects.select_related("programme", "contact"), pk=pk)


def _run(cohort: Cohort) -> MatchRun | None:
    open_run = cohort.match_runs.open().first()
    if open_run:
        open_run.cohort = cohort
    return open_run


def match(request, pk):
    """One cohort's matching. Each button posts its name as `do`."""
    cohort = _cohort(pk)
    if request.method == "POST":
        try:
            done = _do(request, cohort, timezone.now())
        except NotPossible as refused:
            messages.error(request, str(refused))
            if at := _at(request.POST):
                return pair(request, pk, at, typed=request.POST)
        else:
            messages.success(request, done)
            if at := _at(request.POST):
                return redirect("admin:mentoring_match_pair", pk, at)
        return redirect("admin:mentoring_match", pk)
    run = _run(cohort)
    context = {"cohort": cohort, "run": run, "supply": supply(cohort, timezone.now()), **_runs(cohort, run)}
    newest = cohort.match_runs.defer("problem_text", "outcome").order_by("-number").first()
    context["stopped"] = newest if newest and newest.state == MatchRun.State.STOPPED else None
    if run is None:
        rules = MentoringRules.of(cohort)
        context |= {
            "wishes_due": rules.wishes_due(cohort),
            "matching_on": rules.matching_on(cohort),
        }
        return office_page(request, "office/mentoring/propose.html", title=f"Matching: {cohort}", **context)
    confirming = run.questions.filter(kind=Kind.CONFIRM).first()
    if run.state == MatchRun.State.WAITING or (confirming and confirming.answered_at is None):
        page = "waiting" if run.state == MatchRun.State.WAITING else "asked"
        said = "The matching is being confirmed, and both sides of each pair told."
        context |= {"question": confirming, "said": said}
        return office_page(request, f"office/mentoring/{page}.html", title=f"Matching: {cohort}", **context)
    from .story import Story

    overview = actions.ask(run=run, kind=Kind.OVERVIEW, by=request.user, now=timezone.now())
    story = Story(run, overview.answer)
    rulings = list(run.rulings.select_related("place__person", "mentor__person"))
    context |= {
        "story": story,
        "unsettled": list(run.unsettled()),
        "question": overview,
        "confirming": confirming,
        "later": list(not_covered(run=run.pk, cohort=cohort.pk).values_list("place__person__name", flat=True)),
        "pairs": story.pairs[:PAIRS_SHOWN],
        "rest": story.pairs[PAIRS_SHOWN:],
        "changed": story.changed(run.based_on),
        "can_undo": run.can_be_undone,
        "vetoes": [ruling for ruling in rulings if ruling.kind == Ruling.Kind.VETO],
        "locks": [ruling for ruling in rulings if ruling.kind == Ruling.Kind.LOCK],
        "left_out": [story.mentors.get(key) or Mentor.objects.get(pk=key) for key in run.left_out],
    }
    return office_page(request, "office/mentoring/match.html", title=f"Matching: {cohort}", **context)


def supply(cohort: Cohort, now) -> dict:
    """What there is and what is wanted, in figures: seats of trained, rested mentors against people who asked."""
    today = london_date(now)
    places = Place.objects.active().for_cohort(cohort)
    profiles = MenteeProfile.objects.filter(place__in=places)
    asked = profiles.opted_in().count()
    matched = Mentorship.objects.live().filter(cohort=cohort).count()
    without = list(
        profiles.filter(choice=MenteeProfile.Choice.OUT)
        .order_by("place__person__name")
        .values_list("place__person__name", flat=True)
    )
    approved = Mentor.objects.approved().with_training()
    silent = list(places.filter(mentee_profile=None).select_related("person").order_by("person__name"))
    return {
        "people": places.count(),
        "asked": asked,
        "without": len(without),
        "without_names": without,
        "silent": len(silent),
        "silent_people": [reach(place.person) for place in silent[:SILENT_SHOWN]],
        "matched": matched,
        "wanted": max(asked - matched, 0),
        **mentors_and_seats(list(approved.only("status", "capacity", "active", "resting_until")), today),
    }


def _runs(cohort: Cohort, run: MatchRun | None) -> dict:
    earlier = cohort.match_runs.exclude(pk=run.pk if run else None).defer("problem_text", "outcome")
    return {"earlier": list(earlier.filter(solved_at__isnull=False)[:EARLIER])}


def _do(request, cohort: Cohort, now) -> str:
    """What the button asked for; the sentence shown afterwards."""
    do, by, posted = request.POST.get("do"), request.user, request.POST
    run = _run(cohort)
    if run is None and do != "propose":
        raise NotPossible("There is no open proposal. Propose first.")
    if run is not None and not _is_seen(run, posted):
        raise NotPossible(REPLACED)
    if do == "propose":
        # A second click on the first button finds the proposal that the first one made.
        run = run if run and not posted.get("run") else actions.propose_match(cohort=cohort, by=by, now=now)
        return "Nothing is sent until you confirm." if run.is_proposed else "It is being worked out."
    who = {"run": run, "by": by, "now": now}
    if do in PLAIN:
        act, done = PLAIN[do]
        act(**who)
        return done
    if do == "stop_asking":
        question = get_object_or_404(run.questions, pk=_number(posted.get("question")))
        actions.withdraw_question(question=question, by=by, now=now)
        return "Stopped."
    if do in CHANGES:
        return CHANGES[do](posted, cohort, who).what + "."
    raise NotPossible("Choose one of the buttons on this page.")


def _is_seen(run: MatchRun, given) -> bool:
    """Whether somebody looks at this very proposal: another director may have changed it meanwhile.

    Who begins sees none yet.
    """
    return given.get("run", "") in {str(run.pk), *([""] if given.get("do") == "propose" else [])}


PLAIN = {
    "stop": (actions.stop_run, "Stopped."),
    "undo": (actions.undo, "One step back."),
    "discard": (actions.discard, "The proposal is put away. Nothing was sent."),
}


def _turn(posted, cohort, who):
    if posted.get("dial") not in Dial.values:
        raise NotPossible("Choose one of the three settings.")
    return actions.turn_dial(dial=posted["dial"], **who)


def _swap(posted, cohort, who):
    one, other = _place(posted, cohort), _place(posted, cohort, "other")
    return actions.swap(one=one, other=other, reason=posted.get("reason", ""), **who)


def _ruling(act):
    return lambda posted, cohort, who: act(
        place=_place(posted, cohort), mentor=_mentor(posted), reason=posted.get("reason", ""), **who
    )


CHANGES = {
    "dial": _turn,
    "swap": _swap,
    "lock": _ruling(actions.lock),
    "veto": _ruling(actions.veto),
    "let_go": lambda posted, cohort, who: actions.let_go(place=_place(posted, cohort), mentor=_mentor(posted), **who),
    "leave_out": lambda posted, cohort, who: actions.leave_out(mentor=_mentor(posted), **who),
    "bring_back": lambda posted, cohort, who: actions.bring_back(mentor=_mentor(posted), **who),
}


def _place(posted, cohort: Cohort, name: str = "place") -> Place:
    return get_object_or_404(cohort.places.select_related("person", "organisation"), pk=_number(posted.get(name)))


def _mentor(posted) -> Mentor:
    return get_object_or_404(Mentor.objects.select_related("person__organisation"), pk=_number(posted.get("mentor")))


def _number(value) -> int:
    if not str(value).isdecimal():
        raise Http404
    return int(value)


def _at(posted) -> int | None:
    """On whose page the button was."""
    return int(posted["at"]) if posted.get("at", "").isdecimal() else None


def pair(request, pk, place, typed=None):
    """One person in the proposal: every part and rule of their match, and the five next best with their price.

    `typed` is what was posted and refused: it stays in its form.
    """
    cohort = _cohort(pk)
    run = _run(cohort)
    if run is None or run.state != MatchRun.State.PROPOSED:
        return redirect("admin:mentoring_match", pk)
    from mentoring import matching

    from .story import Story

    row = get_object_or_404(
        run.pairs.select_related(
            "place__person", "place__organisation", "place__mentee_profile", "mentor__person__organisation"
        ),
        place=place,
    )
    story = Story(run)
    question = actions.ask(run=run, kind=Kind.SOMEBODY, about=row.place_id, by=request.user, now=timezone.now())
    answer = question.answer or {}
    mentee = mentee_id(row.place_id)
    told = matching.story(run.problem, mentee, mentor_id(row.mentor_id)) if row.mentor else None
    alternatives = [
        {
            "mentor": story.mentors[key_of(each["mentor"])],
            "percent": percent(each["fit"]),
            "changed": story.words_of(matching.load_difference(each["difference"])),
        }
        for each in answer.get("next_best", ())
    ]
    context = {
        "cohort": cohort,
        "run": run,
        "row": row,
        "percent": percent(row.fit) if row.mentor else None,
        "parts": in_words(row.parts, story.known),
        "rank": f"{ORDINALS[told.rank]} choice" if told and told.rank else "",
        "rules": told.rules if told else (),
        "alternatives": alternatives,
        "others": [each for each in story.pairs if each.place.pk != row.place_id],
        "left": next((story.left_in_words(each) for each in answer.get("left", ())), None),
        "question": question,
        "said": f"What {'another' if row.mentor else 'a'} mentor would cost is being worked out.",
        "no_way_to_meet": row.mentor and not _ways(row.place) & set(row.mentor.modes),
        "rulings": list(run.rulings.filter(place=row.place).select_related("mentor__person")),
        "mentors": sorted(story.mentors.values(), key=lambda mentor: mentor.person.name),
        **_typed(typed or {}, row),
    }
    title = f"{row.place.person} and {row.mentor}" if row.mentor else f"{row.place.person}, without a mentor"
    return office_page(request, "office/mentoring/pair.html", title=title, **context)


def _typed(typed, row) -> dict:
    """What stays in the two forms of a pair's page after a refusal; otherwise they start from the pair."""
    swaps = typed.get("do") == "swap"
    words, nothing = typed.get("reason", ""), ""
    return {
        "chosen": str(typed.get("mentor") or row.mentor_id),
        "reason": nothing if swaps else words,
        "swap_other": typed.get("other", ""),
        "swap_reason": words if swaps else nothing,
    }


def _ways(place: Place) -> set[str]:
    """How a participant could meet: in any way, if they have not said."""
    profile: MenteeProfile | None = getattr(place, "mentee_profile", None)
    return set(profile.modes if profile else Mode.values)


def what_if(request, pk):
    """What would change if a mentor dropped out: worked out, shown, and nothing kept."""
    cohort = _cohort(pk)
    run = _run(cohort)
    if run is None or run.state != MatchRun.State.PROPOSED:
        return redirect("admin:mentoring_match", pk)
    from mentoring import matching

    from .story import Story

    mentor = _mentor(request.GET)
    question = actions.ask(run=run, kind=Kind.WHAT_IF, about=mentor.pk, by=request.user, now=timezone.now())
    context = {"cohort": cohort, "run": run, "mentor": mentor, "question": question}
    if question.answer is None:
        context["said"] = f"What would change without {mentor} is being worked out."
        return office_page(request, "office/mentoring/asked.html", title=f"If {mentor} drops out", **context)
    difference = matching.load_difference(question.answer["difference"])
    found = difference.after
    context |= {
        "changed": Story(run).words_of(difference),
        "matched": found.matched,
        "asked": found.asked,
        "minimum": None if found.minimum is None else percent(found.minimum),
    }
    return office_page(request, "office/mentoring/what_if.html", title=f"If {mentor} drops out", **context)


def compare(request, pk):
    """Two proposals side by side: who has whom in each, and where they differ."""
    cohort = _cohort(pk)
    solved = cohort.match_runs.filter(solved_at__isnull=False)
    one = get_object_or_404(solved, pk=_number(request.GET.get("one")))
    other = get_object_or_404(solved, pk=_number(request.GET.get("other")))
    from .story import Story

    rows = {}
    for number, run in enumerate((one, other)):
        for found in run.pairs.select_related("place__person", "mentor__person"):
            rows.setdefault((found.place.person.name, found.place_id), [None, None])[number] = found
    compared = [
        {"name": name, "one": pair[0], "other": pair[1], "same": _of(pair[0]) == _of(pair[1])}
        for (name, _), pair in sorted(rows.items())
    ]
    context = {
        "cohort": cohort,
        "one": one,
        "other": other,
        "rows": compared,
        "headlines": [Story(one).headline, Story(other).headline],
        "changed": Story(other).changed(one),
        "differing": sum(not row["same"] for row in compared),
    }
    return office_page(request, "office/mentoring/compare.html", title=f"Two proposals for {cohort.name}", **context)


def _of(found) -> tuple:
    return (found.mentor_id,) if found else ()


def confirm_match(request, pk):
    """Everybody by name, before anybody is told."""
    cohort = _cohort(pk)
    run = _run(cohort)
    back = reverse("admin:mentoring_match", args=[pk])
    if run is None or run.state != MatchRun.State.PROPOSED:
        messages.error(request, "There is no open proposal to confirm.")
        return redirect(back)
    if not _is_seen(run, request.GET):
        messages.error(request, REPLACED)
        return redirect(back)
    pairs = list(run.pairs.select_related("place__person", "mentor__person"))
    lines = [f"{pair.place.person} with {pair.mentor} ({percent(pair.fit)}%)" for pair in pairs if pair.mentor]
    lines += [f"{pair.place.person}: no mentor yet, and is told so kindly" for pair in pairs if not pair.mentor]
    unsettled = [
        f"{each.declared_by} cannot be matched with “{each.whom}”: nobody has said yet who that is"
        for each in run.unsettled()
    ]

    def act(reason):
        if sum(pair.mentor is not None for pair in pairs) > CONFIRMED_AT_ONCE:
            actions.ask_to_confirm(run=run, by=request.user, now=timezone.now(), reason=reason)
            return "So many matches are confirmed in the background. You can leave this page and come back."
        made = actions.confirm_match(run=run, by=request.user, now=timezone.now(), reason=reason)
        return f"{len(made)} {'match is' if len(made) == 1 else 'matches are'} confirmed, and both sides are told why."

    return confirm(
        request,
        title=f"Confirm the matching of {cohort.name}",
        lines=unsettled + lines,
        needs_reason=bool(unsettled),
        explain="Both of each pair get an email that says why they were matched and to meet by "
        f"{_by(cohort, timezone.now())}. Neither learns what the other told us in confidence."
        + (
            " Settle first whom a declared conflict means, or give a reason for confirming before." if unsettled else ""
        ),
        button="Confirm and tell them",
        act=act,
        back=back,
    )


def _by(cohort: Cohort, now: datetime) -> str:
    return day(MentoringRules.of(cohort).first_meeting_by(london_date(now)))
