"""A new private link in place of one that has expired, by its date or with its key."""

from datetime import datetime, timedelta

from django.db import transaction

from leaders.outbox.actions import post
from leaders.people import links as private_links
from leaders.people.audit import record
from leaders.people.models import PrivateLink
from leaders.people.refusals import NotPossible
from nominations.links import page_of
from nominations.models import Endorsement, Invitation, Nomination, Offer, Replacement, Round, SharedSection

A_WEEK = timedelta(days=7)

Subject = Invitation | Nomination | SharedSection | Replacement | Endorsement | Offer
"""What a private link of this app can be about."""


@transaction.atomic
def renew_link(*, link: PrivateLink, subject: Subject, now: datetime) -> None:
    """Mail a new link to the address of an expired one, at most once in ten minutes. It works for a week.

    Whoever asks learns nothing: the page says the same whatever happens. Raises NotPossible for a link that works.
    """
    works = link.token and not (link.expires_at and link.expires_at <= now)
    if link.revoked_at or works:
        raise NotPossible("This link still works.")
    # The link with which somebody began openly was mailed to nobody: the new one goes to whoever fills the form.
    email = link.email or (subject.writer[1] if isinstance(subject, Nomination) else "")
    fresh = private_links.live(purpose=link.purpose, subject=subject, now=now, email=email) or private_links.issue(
        purpose=link.purpose, subject=subject, now=now, expires_at=now + A_WEEK, person=link.person, email=email
    )
    this = _round_of(subject)
    post(
        "nominations.new_link",
        to=link.person or ("", email),
        now=now,
        dedupe_key=f"nominations.new_link:{link.pk}:{int(now.timestamp()) // 600}",
        cohort_id=this.cohort_id,
        round=this,
        link=page_of(link.purpose, subject, fresh.token),
    )
    record(
        "nominations.link.renewed",
        "A new link was mailed in place of one that had expired",
        subject=subject,
        person=link.person,
        cohort_id=this.cohort_id,
        by=None,
        now=now,
    )


def _round_of(subject: Subject) -> Round:
    if isinstance(subject, Replacement):
        subject = subject.draft
    elif not isinstance(subject, Invitation | Nomination):
        subject = subject.nomination
    return Round.objects.in_words().get(pk=subject.round_id)
