"""From rows to a problem: who takes part in a matching, what they want and offer, and who can never be paired."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from cohorts.models import Cohort, Place
from leaders.people.models import Organisation

from .models import Conflict, MatchCriterion, MenteeProfile, Mentor, MentoringRules, Mentorship, Ruling
from .models.matching import mentee_id, mentor_id
from .training import training_is_good

Pairs = set[tuple[str, str]]


def build_problem(cohort: Cohort, on: date, *, dial: str, left_out: Iterable[int] = ()):
    """The matching of everybody in a cohort who has no mentor, as the rows stand, judged on the day `on`.

    Approved mentors all take part, also those who are untrained, resting or full, so that reasons can be given.
    Raises matching.ProblemError when a weight or a band is out of range.
    """
    from mentoring import matching

    places = list(_places(cohort))
    mentors = list(_mentors())
    criteria = list(MatchCriterion.objects.asked())
    known = {criterion.key for criterion in criteria}
    line, conflicts = _line_management(places, mentors), set()
    _declared(places, mentors, line, conflicts)
    problem = matching.Problem(
        on=on,
        mentors=tuple(_mentor(mentor, on, known) for mentor in mentors),
        mentees=tuple(_mentee(place, known) for place in places),
        weights=matching.Weights(tuple(matching.Criterion(c.key, c.weight) for c in criteria), **_pair_weights()),
        settings=matching.Settings(matching.Order(dial), tuple(MentoringRules.of(cohort).bands)),
        line_management=frozenset(line),
        conflicts=frozenset(conflicts),
        ended=frozenset(_ended(places)),
    )
    here = {mentor.pk for mentor in mentors}
    for pk in left_out:
        problem = problem.without_mentor(mentor_id(pk)) if pk in here else problem
    return problem


def size(problem) -> int:
    """How many people a matching is about: those who ask, and the mentors who could take somebody, of whom no more
    are taken than people ask. Neither the silent nor a pool of mentors for many cohorts make it large."""
    asked = sum(mentee.opted_in for mentee in problem.mentees)
    free = sum(
        mentor.opted_in and mentor.capacity > mentor.active and may_mentor(mentor, problem.on)
        for mentor in problem.mentors
    )
    return asked + min(free, asked)


def may_mentor(mentor, on: date) -> bool:
    """Whether a mentor of a problem is trained and rested on a day."""
    rested = mentor.resting_until is None or mentor.resting_until <= on
    return rested and training_is_good(mentor.trained_on, on)


def with_rulings(problem, rulings: Iterable[Ruling]):
    """The problem with those rulings that still hold, and for each other one why it is let go: (problem, kept, gone).

    A lock from before is kept against those rules only that its reason was given against, never beyond a mentor's room.
    """
    from mentoring import matching

    mentees = {mentee.id: mentee for mentee in problem.mentees}
    mentors = {mentor.id: mentor for mentor in problem.mentors}
    room = {mentor.id: mentor.capacity - mentor.active for mentor in problem.mentors}
    kept: list[Ruling] = []
    gone: list[tuple[Ruling, str]] = []
    for ruling in sorted(rulings, key=lambda each: each.made_at):
        mentee, mentor = mentees.get(mentee_id(ruling.place_id)), mentors.get(mentor_id(ruling.mentor_id))
        broken = ""
        if mentee is None or mentor is None:
            broken = "one of them takes no part any more"
        elif ruling.kind == Ruling.Kind.LOCK:
            rules = matching.check_pair(problem, mentee, mentor)
            broken = "; ".join(rule.words.lower() for rule in rules if not rule.kept and rule.key not in ruling.rules)
            broken = broken or ("no free place" if room[mentor.id] <= 0 else "")
            room[mentor.id] -= not broken
        if broken:
            gone.append((ruling, broken))
        else:
            kept.append(ruling)
    # To the engine a reason is leave to break any rule, so one that was given against none does not go with the lock.
    locks = tuple(
        matching.Lock(*_pair(each), each.reason if each.rules else "") for each in kept if each.kind == Ruling.Kind.LOCK
    )
    vetoes = tuple(matching.Veto(*_pair(each), each.reason) for each in kept if each.kind == Ruling.Kind.VETO)
    return replace(problem, locks=locks, vetoes=vetoes), kept, gone


def _places(cohort: Cohort):
    """Those taking part who have no mentor now."""
    live = Mentorship.objects.live().filter(cohort=cohort)
    places = Place.objects.active().for_cohort(cohort).exclude(pk__in=live.values("place"))
    asked = ("choice", "priority", "wants", "shares_words")
    return (
        places.select_related("organisation", "mentee_profile")
        .only("person", "organisation__kind", *(f"mentee_profile__{each}" for each in asked))
        .prefetch_related("mentee_profile__preferences")
        .order_by("pk")
    )


def _mentors():
    """The approved, with what a problem takes of them: a pool is large and a row is long."""
    asked = ("capacity", "active", "resting_until", "offers", "shares_words")
    approved = Mentor.objects.approved().select_related("person__organisation").with_training()
    return approved.only("person__organisation__kind", *asked).order_by("pk")


def _mentee(place: Place, known: set[str]):
    from mentoring import matching

    profile: MenteeProfile | None = getattr(place, "mentee_profile", None)
    asked = profile is not None and profile.is_in
    return matching.Mentee(
        id=mentee_id(place.pk),
        organisation=_employer(place.organisation),
        opted_in=asked,
        priority=profile.priority if asked else 0,
        wants=_levels(profile.wants, known) if asked else {},
        preferences=tuple(mentor_id(each.mentor_id) for each in profile.preferences.all()) if asked else (),
        shares=frozenset(profile.shares) if asked else frozenset(),
    )


def _mentor(mentor: Mentor, on: date, known: set[str]):
    from mentoring import matching

    return matching.Mentor(
        id=mentor_id(mentor.pk),
        organisation=_employer(mentor.person.organisation),
        capacity=mentor.capacity,
        active=mentor.active,
        trained_on=mentor.trained_on(on),
        resting_until=mentor.resting_until,
        offers=_levels(mentor.offers, known),
        shares=frozenset(mentor.shares),
    )


def _levels(given: dict, known: set[str]) -> dict[str, int]:
    """What was said about the criteria that still count."""
    return {key: level for key, level in given.items() if key in known and level}


def _employer(organisation: Organisation | None) -> str:
    """Independent consultants are nobody's colleagues."""
    if organisation is None or organisation.kind == Organisation.Kind.INDEPENDENT:
        return ""
    return f"organisation:{organisation.pk}"


def _pair(ruling: Ruling) -> tuple[str, str]:
    return mentee_id(ruling.place_id), mentor_id(ruling.mentor_id)


def _pair_weights() -> dict[str, int]:
    """The weights of a ranked wish and of something shared; 0 where the office switched them off."""
    found = MatchCriterion.objects.filter(is_active=True, group__in=MatchCriterion.PAIRWISE)
    return {group.value: 0 for group in MatchCriterion.PAIRWISE} | dict(found.values_list("group", "weight"))


def _line_management(places: list[Place], mentors: list[Mentor]) -> Pairs:
    """Who manages or managed whom, from places as they are and once were. Nobody is their own mentor."""
    people = {place.person_id for place in places} | {mentor.person_id for mentor in mentors}
    managers: dict[int, set[int]] = defaultdict(set)
    for rows in (Place.objects, Place.history.model.objects):
        found = rows.filter(person_id__in=people, line_manager_id__isnull=False)
        for person, manager in found.order_by().values_list("person_id", "line_manager_id").distinct():
            managers[person].add(manager)
    place_of, mentor_of = _by_person(places), _by_person(mentors)
    related = {(person, manager) for person, found in managers.items() for manager in found}
    related |= {(manager, person) for person, manager in related} | {(person, person) for person in people}
    return {
        (mentee_id(place_of[one]), mentor_id(mentor_of[other]))
        for one, other in related
        if one in place_of and other in mentor_of
    }


def _declared(places: list[Place], mentors: list[Mentor], line: Pairs, conflicts: Pairs) -> None:
    """Add the pairs that either side declared, with a person or with anybody of an organisation."""
    place_of, mentor_of = _by_person(places), _by_person(mentors)
    places_in, mentors_in = defaultdict(list), defaultdict(list)
    for place in places:
        places_in[place.organisation_id].append(place.pk)
    for mentor in mentors:
        mentors_in[mentor.person.organisation_id].append(mentor.pk)
    declared = Conflict.objects.standing().filter(declared_by__in={*place_of, *mentor_of}).defer("whom", "reason")
    for conflict in declared:
        kept = line if conflict.kind == Conflict.Kind.LINE else conflicts
        me = conflict.declared_by_id
        if me in place_of:
            others = _meant(conflict, mentor_of, mentors_in)
            kept |= {(mentee_id(place_of[me]), mentor_id(other)) for other in others}
        if me in mentor_of:
            others = _meant(conflict, place_of, places_in)
            kept |= {(mentee_id(other), mentor_id(mentor_of[me])) for other in others}


def _by_person(rows) -> dict[int, int]:
    return {row.person_id: row.pk for row in rows}


def _meant(conflict: Conflict, by_person: dict[int, int], by_organisation: dict[int | None, list[int]]) -> list[int]:
    """The rows on the other side that a conflict means."""
    if conflict.person_id:
        return [by_person[conflict.person_id]] if conflict.person_id in by_person else []
    return by_organisation.get(conflict.organisation_id, []) if conflict.organisation_id else []


def _ended(places: list[Place]) -> Pairs:
    """Pairs of people whose mentorship ended, in this cohort or an earlier one."""
    place_of: dict[int, int] = {place.person_id: place.pk for place in places}
    ended = Mentorship.objects.filter(state=Mentorship.State.ENDED, place__person__in=place_of)
    return {
        (mentee_id(place_of[person]), mentor_id(mentor))
        for person, mentor in ended.values_list("place__person", "mentor")
    }
