"""The questionnaire: what it is, a few statements a page, sending, and the results."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leaders.components.dates import london_date
from leaders.people.refusals import NotPossible
from modules import scoring
from modules.actions import save_answers, share_response, start_response, submit_response
from modules.learning import Results, asked_of, claims_of, pages_of, read_by, shares_of
from modules.learning_forms import FREQUENCY, IMPORTANCE, RatingForm, item_questions
from modules.models import Goal, Response, Wave

from .learning import chosen_reader, learning_page, my_place, now_shared
from .year import branded

IN_SHORT = "only you, and whoever you choose to show your results."
OFFICE = (
    "The programme office sees that you answered, and averages of eight people or more; it cannot open your answers."
)
READERS = f"{IN_SHORT} {OFFICE}"
# What each step asks, and what to bear in mind.
STEPS = {
    "answers": (
        "Over the past three months, how often has this been true of how you work?",
        "Answer as it was, not as you would like it to be.",
    ),
    "importance": (
        "How important is this in your role over the next 12 months?",
        "It helps to see where importance and practice lie apart. Leave out what you cannot say.",
    ),
    "then": (
        "Looking back, how often was this true before the programme?",
        "One statement for each part. People often see their earlier practice differently after a year.",
    ),
}


# What is said before sending, of answers that look hurried: reasons to look again, never to refuse.
LOOK_AGAIN = {
    scoring.QualityFlag.CONTRADICTION: (
        "You gave the same answer to every statement. Some of them are turned round, so that the same answer says the "
        "opposite there. Is that what you mean?"
    ),
    scoring.QualityFlag.SAME_ANSWER: "You gave the same answer to every statement. Is that what you mean?",
    scoring.QualityFlag.TOO_FAST: (
        "You were very quick. Your picture is for you: it is worth as much as the time you take. You can go back."
    ),
}


def my_response(request, pk) -> Response:
    """The person's own answers, begun; a page that does not exist for anybody else."""
    responses = Response.objects.visible_to(request.user).select_related(
        "wave__cohort__programme", "place__cohort__programme", "place__organisation", "place__person",
        "place__sponsor",
    )  # fmt: skip
    return get_object_or_404(responses, wave=pk)


def steps_of(response: Response) -> list[tuple[str, tuple]]:
    """What is asked page by page: the statements, then importance, at the end also looking back."""
    dimensions = response.wave.instrument.dimensions
    steps = [("answers", items) for items in pages_of(response)] + [("importance", dimensions)]
    return [*steps, ("then", dimensions)] if response.wave.looks_back else steps


@learning_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_questionnaire(request, pk):
    """Before it begins: what it is, how long it takes, who reads it. The button begins or goes on."""
    now = timezone.now()
    place = my_place(request, now)
    asked = next((one for one in asked_of(place) if one.wave.pk == pk), None)
    if asked is None:
        wave = get_object_or_404(Wave, pk=pk, responses__place__person=request.user)  # of an earlier cohort
        return redirect("my_results", wave.pk)
    if asked.is_done:
        return redirect("my_results", pk)
    if request.method == "POST":
        try:
            response = start_response(wave=asked.wave, place=place, today=london_date(now), now=now)
        except NotPossible as refused:
            messages.error(request, str(refused))
            return redirect("my_learning")
        return redirect("my_questionnaire_page", pk, _first_open_page(response))
    context = {
        "asked": asked, "is_open": asked.is_open(london_date(now)), "readers": READERS, "now": now,
        "items": len(asked.wave.instrument.items), "back_url": reverse("my_learning"), "back_label": "My learning",
    }  # fmt: skip
    return render(request, "modules/learning/questionnaire.html", branded(place, **context))


def _first_open_page(response: Response) -> int:
    """The first page with a statement to answer; the first one when there is none."""
    answers = response.given["answers"]
    pages = enumerate(pages_of(response), 1)
    return next((number for number, items in pages if any(item.id not in answers for item in items)), 1)


@learning_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_questionnaire_page(request, pk, number):
    """A few statements, saved when going on or back to them."""
    response = my_response(request, pk)
    if response.submitted_at:
        return redirect("my_results", pk)
    steps = steps_of(response)
    if not 1 <= number <= len(steps):
        raise Http404("The questionnaire has no such page.")
    part, asked = steps[number - 1]
    heading, hint = STEPS[part]
    form = RatingForm(
        request.POST or None, questions=item_questions(part, asked, in_london=response.in_london),
        choices=IMPORTANCE if part == "importance" else FREQUENCY, given=response.given[part],
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            response = save_answers(response=response, by=request.user, **{part: form.answers()})
        except NotPossible:  # sent meanwhile, from another window
            return redirect("my_results", pk)
        if part == "answers" and (missing := sum(item.id not in response.given["answers"] for item in asked)):
            are = "statement is" if missing == 1 else "statements are"
            messages.info(request, f"{missing} {are} unanswered on page {number}. You can come back before you send.")
        return redirect("my_questionnaire_page", pk, number + 1) if number < len(steps) else redirect("my_send", pk)
    back = ("my_questionnaire_page", [pk, number - 1]) if number > 1 else ("my_questionnaire", [pk])
    context = {
        "form": form, "heading": heading, "hint": hint, "number": number, "steps": len(steps),
        "meter": ["done"] * (number - 1) + ["part"] + ["todo"] * (len(steps) - number),
        "back_url": reverse(back[0], args=back[1]), "readers": IN_SHORT,
    }  # fmt: skip
    return render(request, "modules/learning/questionnaire_page.html", branded(response.place, **context))


@learning_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_send(request, pk):
    """What is missing, if anything, and the button that sends."""
    response = my_response(request, pk)
    if response.submitted_at:
        return redirect("my_results", pk)
    if request.method == "POST":
        try:
            submit_response(response=response, by=request.user, now=timezone.now())
        except NotPossible as refused:
            messages.error(request, str(refused))
            return redirect("my_send", pk)
        return redirect("my_results", pk)
    steps, given = steps_of(response), response.given
    took = (timezone.now() - response.started_at).total_seconds()
    flags = scoring.quality(response.wave.instrument, given["answers"], took)
    missing = [
        {"number": number, "count": count}
        for number, (part, asked) in enumerate(steps, 1)
        if part == "answers" and (count := sum(item.id not in given["answers"] for item in asked))
    ]
    context = {
        "response": response, "missing": missing, "answered": response.answered, "readers": READERS,
        "look_again": next((words for flag, words in LOOK_AGAIN.items() if flag in flags), ""),
        "back_url": reverse("my_questionnaire_page", args=[pk, len(steps)]),
    }  # fmt: skip
    return render(request, "modules/learning/send.html", branded(response.place, **context))


@learning_page
@require_safe
def my_results(request, pk):
    """The picture, one sentence, what it suggests, and who can see it."""
    response = my_response(request, pk)
    if not response.submitted_at:
        return redirect("my_questionnaire", pk)
    place = response.place
    results = Results(asked_of(place), until=response.wave)
    planned = Goal.objects.live().filter(plan__place=place).values_list("dimension", flat=True)
    in_london = response.in_london
    titles = {module.number: module.title for module in place.cohort.modules.all()}
    others = read_by(place, response)
    context = {
        "response": response, "results": results, "planned": set(planned),
        "readers": f"you and {others}, because you chose so. {OFFICE}" if others else READERS,
        "claims": claims_of(results),
        "needs": [
            {
                "key": need.dimension.key, "title": need.dimension.called(in_london=in_london),
                "about": need.dimension.about(in_london=in_london), "reason": need.reason,
                "module": need.dimension.module, "module_title": titles.get(need.dimension.module, ""),
            }
            for need in results.needs
        ],
        "shares": shares_of(place, response),
        "back_url": reverse("my_learning"), "back_label": "My learning",
    }  # fmt: skip
    return render(request, "modules/learning/results.html", branded(place, **context))


@learning_page
@require_POST
def my_results_share(request, pk, whom):
    """Let the sponsor or the mentor see these results, or no longer."""
    response, reader = my_response(request, pk), chosen_reader(request)
    try:
        has_page = share_response(response=response, with_whom=whom, reader=reader, by=request.user, now=timezone.now())
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, now_shared(whom, reader, "see these results", has_page))
    return redirect("my_results", pk)
