"""Whom the office can write to about a round: nominators, the panel, and those who were put forward.

Who nominates, reads or was nominated besides is nobody else's business: each gets a message of their own, and what
stands at its foot names nobody.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from cohorts.letters import signature
from leaders.outbox.groups import Group, group
from leaders.people.models import Person

from .models import Nomination, Round
from .reminders import answered


@group(order=100, key="nominations.unanswered", title="Nominators invited to a round who have not answered")
def unanswered(now: datetime) -> Iterable[Group]:
    for this in _rounds():
        has_sent = Nomination.objects.sent().filter(round=this, nominator=OuterRef("nominator"))
        silent = this.invitations.sent().exclude(answered("round", "organisation")).exclude(Exists(has_sent))
        yield _group(
            "nominations.unanswered", this, "Nominators who have not answered", people=silent.values("nominator"),
            left=this.invitations.filter(invited_at__isnull=False).values("nominator"),
            gone="Has answered, or is not asked any more", why=f"You were asked to nominate for {this.cohort}.",
        )  # fmt: skip


@group(order=101, key="nominations.invited", title="Nominators invited to a round")
def invited(now: datetime) -> Iterable[Group]:
    for this in _rounds():
        yield _group(
            "nominations.invited", this, "Nominators", people=this.invitations.sent().values("nominator"),
            left=this.invitations.filter(withdrawn_at__isnull=False, invited_at__isnull=False).values("nominator"),
            why=f"You were asked to nominate for {this.cohort}.",
        )  # fmt: skip


@group(order=102, key="nominations.panel", title="Panel members of a round")
def panel(now: datetime) -> Iterable[Group]:
    for this in _rounds():
        yield _group(
            "nominations.panel", this, "Panel members", people=this.panel.filter(left_at=None).values("person"),
            left=this.panel.filter(left_at__isnull=False).values("person"),
            why=f"You read nominations for {this.cohort}.",
        )  # fmt: skip


@group(order=103, key="nominations.nominees", title="Nominees and applicants who may still get a place")
def nominees(now: datetime) -> Iterable[Group]:
    """Those who have a place are participants, whom it is easier to write to as such."""
    over = [*Nomination.ENDED, Nomination.State.UNSUCCESSFUL]
    for this in _rounds():
        yield _group(
            "nominations.nominees", this, "Nominees and applicants", people=this.nominations.hoping().values("nominee"),
            left=this.nominations.filter(state__in=over).values("nominee"),
            why=f"You were nominated, or applied, for a place in {this.cohort}.",
            caution="Some of them may not have a place in the end. Nobody learns from it who else was nominated.",
        )  # fmt: skip


def _rounds() -> Iterable[Round]:
    return Round.objects.live().in_words().order_by("-cohort__starts_on", "-pk")


def _group(kind: str, this: Round, title: str, *, people, left, why: str, **more: str) -> Group:
    return Group(
        key=f"{kind}:{this.pk}", title=title, of=this.cohort.short_name, why=why, signed=signature(this.cohort),
        cohort_id=this.cohort_id, people=Person.objects.filter(pk__in=people), left=Person.objects.filter(pk__in=left),
        **more,
    )  # fmt: skip
