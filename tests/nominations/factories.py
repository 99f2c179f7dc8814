"""Rounds, nominations at every stage, and panels for tests: built through the actions, in the order of real life.

The round's cohort starts in September 2026: nominations are open from 17 February to 1 May 2026. `OPEN` is
a Monday in between, `CLOSED` the day after; readings are due on 12 June.
"""

from datetime import UTC, datetime

import factory

from leaders.people.models import Role
from nominations.actions import (
    accept_nomination,
    add_panel_member,
    assign,
    decide,
    endorse,
    release,
    save_section,
    score,
    send_nomination,
    start_application,
    start_nomination,
)
from nominations.journey import journey_of
from nominations.models import Nomination, Round
from tests.cohorts.factories import CohortFactory, CriterionFactory
from tests.people.factories import AuthorityFactory, PersonFactory

OPEN = datetime(2026, 3, 16, 10, tzinfo=UTC)
CLOSED = datetime(2026, 5, 2, 10, tzinfo=UTC)
ANSWERING = datetime(2026, 5, 5, 10, tzinfo=UTC)
READING = datetime(2026, 6, 1, 10, tzinfo=UTC)
DECIDING = datetime(2026, 6, 16, 10, tzinfo=UTC)
RELEASED = datetime(2026, 6, 19, 10, tzinfo=UTC)
ANSWERS = {
    "nominator_name": "Helen Marsh",
    "nominator_role_title": "Director of Housing",
    "nominator_phone": "020 7946 0001",
    "nominee_role_title": "Assistant Director",
    "nominee_level": "Assistant Director",
    "nominee_service": "Adult social care",
    "nominee_phone": "",
    "release_agreed": True,
    "cover": "Two heads of service share the work.",
    "line_manager_name": "Ade Okonkwo",
    "line_manager_email": "ade.okonkwo@example.org",
    "sponsor_name": "Grace Lin",
    "sponsor_email": "grace.lin@example.org",
    "fee_contact_name": "Bola Sanni",
    "fee_contact_email": "bola.sanni@example.org",
    "purchase_order": "",
    "dates": "all",
    "date_clash": "",
    "statement": "I want to learn how London's services can act as one.",
    "contribution": "Experience of temporary accommodation.",
    "access_needs": "",
}


class RoundFactory(factory.django.DjangoModelFactory):
    """An open round at `OPEN`, with two criteria scored 0 to 4."""

    class Meta:
        model = Round
        skip_postgeneration_save = True

    cohort = factory.SubFactory(CohortFactory)
    substitutes_until = factory.LazyAttribute(lambda r: r.cohort.statements_due)

    @factory.post_generation
    def criteria(self, create, extracted, **kwargs):
        if not self.cohort.programme.criteria.exists():
            CriterionFactory(programme=self.cohort.programme, order=1, key="passion", title="Passionate about service")
            CriterionFactory(programme=self.cohort.programme, order=2, key="learning", title="Keen to learn")


def draft(this_round, *, organisation=None, email="helen.marsh@example.org", name="Helen Marsh", now=OPEN, **kwargs):
    """A draft, begun openly unless an `invitation` is given."""
    return start_nomination(
        round=this_round, organisation=organisation or AuthorityFactory(), name=name, email=email, by=name, now=now,
        **kwargs,
    )  # fmt: skip


def fill(nomination, *, now=OPEN, **answers):
    """Every page of a draft, saved as people do; `answers` differ from ANSWERS."""
    name = answers.get("nominee_name") or nomination.nominee_name or f"Nominee of {nomination.reference}"
    email = answers.get("nominee_email") or nomination.nominee_email or f"{nomination.reference.lower()}@example.org"
    given = {**ANSWERS, "nominee_name": name, "nominee_email": email, **answers}
    journey = journey_of(nomination, list(nomination.cohort.programme.criteria.all()))
    for page in journey.pages.values():
        values = {ask: given.get(ask, f"What {name} did for {ask}.") for ask in page.asks}
        nomination = save_section(nomination=nomination, page=page.key, values=values, by="Helen Marsh", now=now)
    return nomination


def sent(this_round, *, now=OPEN, answers=None, **kwargs):
    nomination = fill(draft(this_round, now=now, **kwargs), now=now, **(answers or {}))
    return send_nomination(nomination=nomination, attested_by=nomination.nominator_name, by=None, now=now, proved=True)


def complete(this_round, *, now=OPEN, **kwargs):
    nomination = sent(this_round, now=now, **kwargs)
    return accept_nomination(
        nomination=nomination,
        statement=ANSWERS["statement"],
        contribution=ANSWERS["contribution"],
        dates_agreed=True,
        access_needs="A hearing loop",
        by=nomination.nominee,
        now=now,
    )


def application(this_round, *, organisation=None, email="yusuf.demir@example.org", now=OPEN, **kwargs):
    """A draft application of Yusuf Demir, to a round whose programme takes them."""
    organisation = organisation or {"organisation_name": "Medway Council", "organisation_kind": "outside_london"}
    given = organisation if isinstance(organisation, dict) else {"organisation": organisation}
    return start_application(
        round=this_round, name="Yusuf Demir", email=email, by="Yusuf Demir", now=now,
        **{"organisation": None, **given}, **kwargs,
    )  # fmt: skip


def applied(this_round, *, endorsed=True, now=OPEN, **kwargs):
    nomination = fill(application(this_round, now=now, **kwargs), now=now, nominee_name="Yusuf Demir")
    nomination = send_nomination(nomination=nomination, attested_by="Yusuf Demir", by=None, now=now, proved=True)
    if endorsed:
        endorse(
            endorsement=nomination.endorsement, statement="I know his work.", role_title="Director",
            by=nomination.endorsement.sponsor, now=now,
        )  # fmt: skip
        nomination.refresh_from_db()
    return nomination


def panel(this_round, count=2, *, now=READING):
    """Panel members who work for none of the nominating organisations."""
    people = PersonFactory.create_batch(count, role=Role.PANEL_MEMBER)
    return [add_panel_member(round=this_round, person=person, by=None, now=now) for person in people]


def scored(nomination, member, values=(3, 3), *, submit=True, discuss=False, now=READING):
    """One reading with these scores, in the order of the criteria."""
    assessment = assign(nomination=nomination, member=member, by=None, now=now)
    keys = [c.key for c in nomination.cohort.programme.criteria.all()]
    return score(
        assessment=assessment,
        scores={key: (value, "Because.") for key, value in zip(keys, values, strict=True)},
        submit=submit,
        discuss=discuss,
        by=member.person,
        now=now,
    )


def released(this_round, director, outcomes, *, now=RELEASED):
    """One complete nomination for each outcome ("offer", "waiting", "not_this_time"), decided and released."""
    nominations = [
        complete(this_round, email=f"director{index}@example.org", name=f"Director {index}")
        for index, _ in enumerate(outcomes)
    ]
    for nomination, outcome in zip(nominations, outcomes, strict=True):
        decide(nomination=nomination, outcome=outcome, feedback="Thank you.", by=director, now=DECIDING)
    release(round=this_round, by=director, now=now)
    return list(Nomination.objects.in_words().filter(pk__in=[n.pk for n in nominations]).order_by("pk"))
