"""Mentors in the office: supply against demand, training that ends, invitations, conflicts to settle, mentorships."""

from django import forms
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Cohort, Place
from leaders.components.dates import london_date
from leaders.office.admin import confirm, office_page
from leaders.people.models import Organisation, Person
from leaders.people.refusals import NotPossible
from mentoring import actions
from mentoring.models import Conflict, MatchCriterion, MenteeProfile, Mentor, Mentorship, MentorTraining
from mentoring.waiting import waiting

from .reach import reach

DUE_WITHIN = 90
SHOWN = 200
COHORTS_SHOWN = 10


def supply(request):
    """Seats against people, by cohort; what is offered against what is looked for; whose training ends soon."""
    now = timezone.now()
    today = london_date(now)
    mentors = list(Mentor.objects.approved().select_related("person__organisation").with_training())
    there_is, cohorts = mentors_and_seats(mentors, today), _demand()
    expected = sum(each["expected"] for each in cohorts)
    context = {
        "supply": there_is,
        "cohorts": cohorts,
        "together": {
            "matched": sum(each["matched"] for each in cohorts),
            "expected": expected,
            "short": max(expected - there_is["seats"], 0),
        },
        "criteria": _wanted_and_offered(mentors, today),
        "training": due_for_training(mentors, today)[:SHOWN],
        "volunteers": list(
            Mentor.objects.filter(status=Mentor.Status.VOLUNTEERED).select_related("person__organisation")[:SHOWN]
        ),
        "resting": [mentor for mentor in mentors if mentor.is_resting(today)][:SHOWN],
        "now": now,
    }
    return office_page(request, "office/mentoring/supply.html", title="Mentors: supply and demand", **context)


def mentors_and_seats(mentors: list[Mentor], today) -> dict[str, int]:
    """How many mentors there are, how many of them cannot be matched yet, and the free seats of the others."""
    return {
        "mentors": len(mentors),
        "seats": sum(max(mentor.free_seats(today), 0) for mentor in mentors),
        "untrained": sum(not mentor.is_trained(today) for mentor in mentors),
        "resting": sum(mentor.is_resting(today) for mentor in mentors),
    }


def _demand() -> list[dict]:
    """People who want, or may want, a mentor in each cohort running or to come: the same seats serve them all."""
    found = []
    cohorts = Cohort.objects.filter(status__in=[Cohort.Status.PLANNED, Cohort.Status.LIVE])
    with_mentoring = cohorts.exclude(programme__mentoring_rules__has_mentoring=False)
    refused = MenteeProfile.objects.filter(choice=MenteeProfile.Choice.OUT, place__status=Place.Status.ACTIVE)
    counted = with_mentoring.annotate(
        here=_count(Place.objects.active(), "cohort"),
        matched=_count(Mentorship.objects.live(), "cohort"),
        without=_count(refused, "place__cohort"),
    )
    for cohort in counted.select_related("programme").order_by("starts_on")[:COHORTS_SHOWN]:
        expected = max((cohort.here or cohort.capacity) - cohort.without - cohort.matched, 0)
        found.append({"cohort": cohort, "expected": expected, "matched": cohort.matched})
    return found


def _count(rows, cohort: str) -> Coalesce:
    """How many of `rows` there are in a cohort, which each names in `cohort`."""
    counted = rows.filter(**{cohort: OuterRef("pk")}).order_by().values(cohort).annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


def _wanted_and_offered(mentors: list[Mentor], today) -> list[dict]:
    """For each criterion: how many people of running cohorts wait for it, how many free seats offer it well."""
    wants = waiting().filter(place__cohort__status=Cohort.Status.LIVE)
    counts: dict[str, int] = {}
    for given in wants.values_list("wants", flat=True)[:5000]:
        for key in given:
            counts[key] = counts.get(key, 0) + 1
    found = []
    for criterion in MatchCriterion.objects.asked():
        offering = [mentor for mentor in mentors if mentor.offers.get(criterion.key, 0) >= 3]
        offered = sum(max(mentor.free_seats(today), 0) for mentor in offering)
        wanted = counts.get(criterion.key, 0)
        short = max(wanted - offered, 0)
        found.append(
            {
                "label": criterion.label,
                "wanted": wanted,
                "offered": offered,
                "mentors": len(offering),
                "short": short,
            }
        )
    return found


def due_for_training(mentors: list[Mentor], today) -> list[dict]:
    """Mentors without training, or whose training ends within three months, the most urgent first."""
    found = []
    for mentor in mentors:
        ends = mentor.training_ends(today)
        if ends is None or (ends - today).days <= DUE_WITHIN:
            found.append({"mentor": mentor, "ends": ends, "late": ends is None or ends < today})
    return sorted(found, key=lambda row: (row["ends"] is not None, row["ends"] or today, row["mentor"].person.name))


class TrainingForm(forms.Form):
    """That somebody was trained."""

    kind = forms.ChoiceField(label="Which", choices=MentorTraining.Kind.choices)
    on = forms.DateField(label="On", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


def training(request, pk):
    """Record a training day."""
    mentor = get_object_or_404(Mentor.objects.select_related("person").with_training(), pk=pk)
    kind = MentorTraining.Kind.REFRESHER if mentor.trainings.all() else MentorTraining.Kind.FULL
    form = TrainingForm(request.POST or None, initial={"kind": kind, "on": london_date(timezone.now())})
    return _form_page(
        request, form, title=f"Training of {mentor}", button="Record training", back=_back(request),
        act=lambda cleaned: actions.record_training(mentor=mentor, by=request.user, now=timezone.now(), **cleaned),
        done=f"Recorded for {mentor}.", lines=[str(each) + f", {each.on:%-d %B %Y}" for each in mentor.trainings.all()],
    )  # fmt: skip


class InviteForm(forms.Form):
    """Whom to ask to mentor."""

    email = forms.EmailField(label="Email address")
    name = forms.CharField(label="Full name", max_length=150)
    organisation = forms.ModelChoiceField(Organisation.objects.active(), label="Organisation", required=False)
    role_title = forms.CharField(label="Job title", max_length=150, required=False)


def invite(request):
    """Ask somebody to mentor, also an alumna or alumnus from before this system."""
    from leaders.people.actions import know_person

    def act(cleaned):
        now = timezone.now()
        person = know_person(by=request.user, now=now, **cleaned)
        actions.invite_mentor(person=person, by=request.user, now=now)

    form = InviteForm(request.POST or None)
    return _form_page(
        request, form, title="Ask somebody to mentor", button="Send the invitation", act=act,
        done="The invitation is sent.",
        back=reverse("admin:mentoring_supply"), lines=["They get one letter, with a link to what mentoring asks."],
    )  # fmt: skip


def approve(request, pk):
    """Take somebody among the mentors, after reading what they offer."""
    mentor = get_object_or_404(Mentor.objects.select_related("person__organisation"), pk=pk)

    def act(reason):
        actions.approve_mentor(mentor=mentor, by=request.user, now=timezone.now())
        return f"{mentor} is a mentor and gets a letter."

    return confirm(
        request,
        title=f"Approve {mentor} as a mentor",
        lines=[
            f"{mentor.person.role_title or 'No post known'}, {mentor.person.organisation or 'no organisation'}",
            f"Takes {mentor.capacity}. {mentor.modes_words}. {mentor.availability}",
            mentor.offer or "No words of their own.",
        ],
        button="Approve and write to them",
        act=act,
        back=reverse("admin:mentoring_supply"),
    )


class SettleForm(forms.Form):
    """Whom a declared conflict means."""

    email = forms.EmailField(label="The person’s email address", required=False)
    organisation = forms.ModelChoiceField(Organisation.objects.active(), label="Or an organisation", required=False)


def conflicts(request):
    """Declared conflicts in which somebody has to be found. Reasons are never shown here."""
    waiting = Conflict.objects.unsettled().select_related("declared_by__organisation").defer("reason")[:SHOWN]
    return office_page(request, "office/mentoring/conflicts.html", title="Conflicts to settle", waiting=waiting)


def settle(request, pk):
    """Say whom it means."""
    conflict = get_object_or_404(Conflict.objects.unsettled().select_related("declared_by").defer("reason"), pk=pk)

    def act(cleaned):
        email = cleaned["email"]
        person = Person.objects.filter(email__iexact=email).first() if email else None
        if email and person is None:
            raise NotPossible("We know nobody with this address. Choose the organisation, or add the person first.")
        actions.settle_conflict(
            conflict=conflict, person=person, organisation=None if person else cleaned["organisation"], by=request.user,
            now=timezone.now(),
        )  # fmt: skip

    return _form_page(
        request, SettleForm(request.POST or None), title=f"Whom does {conflict.declared_by} mean?", button="Settle it",
        act=act, done="Settled: they are kept apart.", back=reverse("admin:mentoring_conflicts"),
        lines=[f"They wrote: {conflict.whom}"],
    )  # fmt: skip


def end(request, pk):
    """End a mentorship for the two, with the office's reason in the trail."""
    mentorship = get_object_or_404(Mentorship.objects.live().with_people(), pk=pk)
    rematch = request.GET.get("rematch") == "yes" or request.POST.get("rematch") == "yes"
    name = mentorship.place.person.first_name
    following = (
        "Another mentor is proposed at once; you confirm."
        if rematch
        else f"{name} does without a mentor from then on, unless they ask again."
    )

    def act(reason):
        actions.end_mentorship(
            mentorship=mentorship, by=request.user, now=timezone.now(), rematch=rematch, reason=reason
        )
        return "It has ended." + (" Another match is proposed." if rematch else "")

    return confirm(
        request,
        title=f"End the mentorship of {mentorship}",
        lines=[
            f"{mentorship.place.person} and {mentorship.mentor} each get a kind email that blames nobody.",
            following,
        ],
        button="End it",
        act=act,
        back=reverse("admin:mentoring_mentorship_changelist"),
        needs_reason=True,
        danger=True,
    )


def thank(request, pk):
    """Thank everybody who mentored in a cohort, with a certificate."""
    cohort = get_object_or_404(Cohort.objects.select_related("programme", "contact"), pk=pk)
    served = Mentorship.objects.filter(cohort=cohort, begun_at__isnull=False).exclude(mentor__services__cohort=cohort)
    names = sorted({mentorship.mentor.person.name for mentorship in served.select_related("mentor__person")})

    def act(reason):
        made = actions.thank_mentors(cohort=cohort, by=request.user, now=timezone.now())
        return f"{len(made)} {'mentor is' if len(made) == 1 else 'mentors are'} thanked, each with a certificate."

    return confirm(
        request,
        title=f"Thank the mentors of {cohort.name}",
        lines=names or ["Nobody is left to thank."],
        button="Thank them",
        act=act,
        back=reverse("admin:mentoring_match", args=[pk]),
    )


def talked(request, pk):
    """The office has talked to somebody who asked for it."""
    from mentoring.models import MentorshipReview

    reviews = MentorshipReview.objects.select_related(
        "mentorship__place__person", "mentorship__mentor__person", "mentorship__cohort"
    )
    review = get_object_or_404(reviews, pk=pk)

    def act(reason):
        actions.note_talk(review=review, by=request.user, now=timezone.now())
        return "Noted. Nothing of what was said is kept."

    return confirm(
        request,
        title=f"You have talked to {review.mentorship.person(review.side)}",
        lines=[
            reach(review.mentorship.person(review.side)),
            f"Paired with {review.mentorship.other(review.side)}, in {review.mentorship.cohort.name}.",
            "They asked to talk about how mentoring is going. The other of the two does not learn of it.",
        ],
        button="We have talked",
        act=act,
        back=reverse("admin:index"),
    )


def _back(request) -> str:
    return reverse("admin:mentoring_supply")


def _form_page(request, form, *, title, button, act, done, back, lines=()):
    """A small form in the office's frame: what it does, and what became of it."""
    from django.contrib import messages

    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, done)
            return redirect(back)
    return office_page(
        request, "office/mentoring/form.html", title=title, form=form, button=button, back=back, lines=lines
    )
