"""The demo's nominations: most organisations nominate, some late, some have nobody, a few stay silent; some apply."""

from datetime import timedelta

from django.db import transaction

from cohorts.models import Cohort
from leaders.people.actions import know_person
from leaders.people.demo import Entrance, World, entrance, part
from leaders.people.models import Organisation, Person, Role

from .actions import (
    accept_nomination,
    accept_offer,
    add_panel_member,
    decide,
    decline_nomination,
    decline_offer,
    draft_path,
    endorse,
    expire_offers,
    invite,
    nobody_this_time,
    open_round,
    release,
    save_section,
    score,
    send_nomination,
    share_out_reading,
    start_application,
    start_nomination,
)
from .models import Assessment, Decision, Invitation, Nomination, Offer, Round

PANEL = 5
FEEDBACK = (
    "The panel saw strong practice and would like to see more of how you work beyond your own service. "
    "They hope you are nominated again."
)
SEEN = "An example with figures, and others who carried it on."
# How long after the opening the panel is given what is complete.
EARLY = timedelta(days=28)
# Where many organisations may nominate, every third one is invited.
INVITED_OF_MANY = 3


@part(order=20, title="Authorities nominate, the panel reads, places are offered")
def nominations(world: World):
    """Directors and line managers are the same people in every cohort, as in life."""
    world.kept["directors"] = {}
    world.kept["panel"] = []
    world.kept["on_cohort"].append(story)


def story(world: World, cohort: Cohort):
    world.at(cohort.nominations_open, invite_all, world, cohort.round)
    world.at(cohort.nominations_open + EARLY, share_out_early, world, cohort.round)
    world.at(cohort.statements_due + timedelta(days=1), hand_to_panel, world, cohort.round)
    world.at(cohort.assessments_due, decide_all, world, cohort.round)
    world.at(cohort.decisions_due, tell_all, world, cohort.round)


def invite_all(world: World, round_: Round):
    open_round(round=round_, by=world.kept["director"], now=world.now)
    weeks = (round_.cohort.nominations_close - world.now).days // 7
    for organisation in _nominating(round_):
        director, _ = _leaders_of(world, organisation)
        sent = invite(
            round=round_, organisation=organisation, nominator=director, by=world.kept["director"], now=world.now
        )
        fate = world.chance.random()
        when = world.days_later(world.chance.randrange(2, 7 * weeks - 2), world.chance.randrange(8, 17))
        if fate < 0.06:
            world.at(when, say_nobody, world, sent)
        elif fate < 0.93:
            world.at(when, begin, world, sent)
    for words in world.texts["applications"] if round_.cohort.programme.takes_applications else ():
        world.at(world.days_later(world.chance.randrange(3, 20), 20), apply, world, round_, words)


def say_nobody(world: World, sent: Invitation):
    nobody_this_time(
        round=sent.round, organisation=sent.organisation, person=sent.nominator, by=sent.nominator, now=world.now,
        reason="We are between structures; everybody eligible started this year.",
    )  # fmt: skip


def begin(world: World, sent: Invitation):
    """Start a draft, and finish it now, in some days, or never."""
    draft = start_nomination(
        round=sent.round, organisation=sent.organisation, now=world.now, by=sent.nominator, invitation=sent
    )
    somebody = world.somebody()
    fill(world, draft, somebody, "about-you", "nominee", "nominee/post")
    if world.chance.random() < 0.94:
        latest = (sent.deadline - world.now).days
        at_once = latest < 3 or world.chance.random() < 0.6
        later = timedelta(minutes=25) if at_once else timedelta(days=min(4, latest - 1))
        world.at(world.now + later, finish, world, draft, somebody)


def finish(world: World, draft: Nomination, somebody: dict):
    criteria = [f"why/{criterion.key}" for criterion in draft.round.cohort.programme.criteria.all()]
    fill(world, draft, somebody, *criteria, "council", "council/people", "council/fee")
    draft = send_nomination(
        nomination=draft, attested_by=draft.nominator_name, by=draft.nominator, now=world.now, proved=True
    )
    fate = world.chance.random()
    answered = world.days_later(world.chance.randrange(1, 9), world.chance.randrange(8, 21))
    if answered < draft.round.cohort.statements_due:
        world.at(answered, decline if fate < 0.03 else accept, world, draft)


def fill(world: World, draft: Nomination, somebody: dict, *pages: str):
    """Save pages of the form as its nominator would type them."""
    director, manager = _leaders_of(world, draft.organisation)
    many = world.texts["nominations" if draft.quota else "lfl_nominations"]
    answers = many[draft.pk % len(many)]["why"]
    first_name = somebody["known_as"] or somebody["name"].split()[0]
    typed = {
        "about-you": {"nominator_name": director.name, "nominator_role_title": director.role_title,
                      "nominator_phone": "020 7946 0123"},
        "nominee": {"nominee_name": somebody["name"], "nominee_email": somebody["email"]},
        "nominee/post": {"nominee_role_title": somebody["role_title"], "nominee_level": "Assistant Director",
                         "nominee_service": somebody["service"]},
        "council": {"release_agreed": True, "cover": "The head of service covers, with weekly time from me."},
        "council/people": {"line_manager_name": manager.name, "line_manager_email": manager.email,
                           "sponsor_name": director.name, "sponsor_email": director.email},
        "council/fee": {"fee_contact_name": manager.name, "fee_contact_email": manager.email,
                        "purchase_order": f"PO-{draft.pk:05}"},
        **{f"why/{key}": {f"why:{key}": words.format(first_name=first_name)} for key, words in answers.items()},
    }  # fmt: skip
    for page in pages:
        save_section(nomination=draft, page=page, values=typed[page], by=director, now=world.now)


def accept(world: World, sent: Nomination):
    words = world.texts["statements"][sent.pk % len(world.texts["statements"])]
    accept_nomination(
        nomination=sent, statement=words["statement"], contribution=words["contribution"], dates_agreed=True,
        access_needs="A seat near the front and slides a day before." if sent.pk % 11 == 0 else "", now=world.now,
        by=sent.nominee,
    )  # fmt: skip


def decline(world: World, sent: Nomination):
    decline_nomination(nomination=sent, now=world.now, by=sent.nominee, reason="I start a new post in the autumn.")


def apply(world: World, round_: Round, words: dict):
    """Somebody from outside London or on their own account applies, and a sponsor endorses them days later."""
    somebody, sponsor = world.somebody(), world.somebody()
    draft = start_application(
        round=round_, organisation=None, name=somebody["name"], email=somebody["email"], by=somebody["name"],
        organisation_name=f"{somebody['name'].split()[-1]} and Partners", organisation_kind="independent",
        now=world.now,
    )  # fmt: skip
    typed = {
        "about-you": {"nominee_name": somebody["name"], "nominee_phone": ""},
        "about-you/post": {"nominee_role_title": somebody["role_title"], "nominee_service": somebody["service"]},
        **{f"why/{key}": {f"why:{key}": answer} for key, answer in words["why"].items()},
        "commitment": {"dates": "all", "date_clash": ""},
        "commitment/statement": {"statement": words["statement"], "contribution": words["contribution"]},
        "commitment/access": {"access_needs": ""},
        "sponsor": {"sponsor_name": sponsor["name"], "sponsor_email": sponsor["email"]},
    }
    for page, values in typed.items():
        save_section(nomination=draft, page=page, values=values, by=None, now=world.now)
    sent = send_nomination(nomination=draft, attested_by=somebody["name"], by=None, now=world.now, proved=True)
    world.at(world.days_later(world.chance.randrange(2, 8), 17), stand_by, world, sent, words["endorsement"])


def stand_by(world: World, sent: Nomination, words: str):
    sponsor = sent.endorsement.sponsor
    endorse(endorsement=sent.endorsement, statement=words, role_title="Chief Executive", by=sponsor, now=world.now)


def share_out_early(world: World, round_: Round):
    """The panel reads what is complete while nominations are open, and hands it in with all the rest."""
    while len(world.kept["panel"]) < PANEL:
        world.kept["panel"].append(_somebody_known(world, role_title="Chief Officer"))
    for person in world.kept["panel"]:
        add_panel_member(round=round_, person=person, by=world.kept["director"], now=world.now)
    share_out_reading(round=round_, by=world.kept["director"], now=world.now)


def hand_to_panel(world: World, round_: Round):
    share_out_reading(round=round_, by=world.kept["director"], now=world.now)
    for assessment in Assessment.objects.filter(nomination__round=round_).select_related("member__person"):
        world.at(world.days_later(world.chance.randrange(1, 9), world.chance.randrange(9, 20)), read, world, assessment)


def read(world: World, assessment: Assessment):
    criteria = assessment.nomination.round.cohort.programme.criteria.all()
    score(
        assessment=assessment, by=assessment.member.person, now=world.now,
        scores={criterion.key: (world.chance.choices((1, 2, 3, 4), (1, 4, 8, 5))[0], SEEN) for criterion in criteria},
        comment="Clear evidence, and honest about what did not work.",
    )  # fmt: skip


def decide_all(world: World, round_: Round):
    """The best scores fill the seats, three wait, the rest hear why."""
    complete = Nomination.objects.filter(round=round_, state=Nomination.State.COMPLETE).prefetch_related(
        "assessments__scores"
    )
    ranked = sorted(complete, key=lambda nomination: (-_points(nomination), nomination.pk))
    seats = min(round_.cohort.capacity, max(len(ranked) - 4, 0))
    for place, nomination in enumerate(ranked):
        outcome, rank = Decision.Outcome.OFFER, None
        if place >= seats:
            rank = place - seats + 1 if place < seats + 3 else None
            outcome = Decision.Outcome.WAITING if rank else Decision.Outcome.NOT_THIS_TIME
        decide(
            nomination=nomination, outcome=outcome, rank=rank, by=world.kept["director"], now=world.now,
            feedback="" if outcome == Decision.Outcome.OFFER else FEEDBACK,
        )  # fmt: skip


def tell_all(world: World, round_: Round):
    release(round=round_, by=world.kept["director"], now=world.now)
    hear(world, round_)


def hear(world: World, round_: Round):
    """Whoever has a new offer answers within days, or lets it lapse; then the next person has one."""
    heard = world.kept.setdefault("offers", set())
    for offer in Offer.objects.open().filter(nomination__round=round_).exclude(pk__in=heard).order_by("pk"):
        heard.add(offer.pk)
        when = world.days_later(world.chance.randrange(0, 9), world.chance.randrange(8, 21))
        world.at(when, answer, world, offer.nomination)
        world.at(offer.expires_at + timedelta(minutes=5), lapse, world, round_)


def lapse(world: World, round_: Round):
    if expire_offers(now=world.now):
        hear(world, round_)


def answer(world: World, nomination: Nomination):
    offer = nomination.offers.open().first()
    if offer is None or offer.expires_at <= world.now:
        return
    with transaction.atomic():
        if nomination.pk % 17 == 0:
            decline_offer(offer=offer, by=nomination.nominee, now=world.now, reason="My council is restructuring.")
            hear(world, nomination.round)
        else:
            accept_offer(offer=offer, by=nomination.nominee, now=world.now)


@entrance(order=30)
def panel_member():
    """Somebody with something to read, if anybody has."""
    panel = Person.objects.filter(role_grants__role=Role.PANEL_MEMBER).order_by("pk")
    reading = Assessment.objects.to_do().filter(member__round__released_at=None).values("member__person")
    person = panel.filter(pk__in=reading).first() or panel.first()
    return person and Entrance("Panel member", person)


@entrance(order=60)
def nominating_director():
    draft = Nomination.objects.drafts().select_related("round__cohort").order_by("-started_at").first()
    return draft and Entrance("Nominating director, half way", path=draft_path(draft, draft.started_at))


def _points(nomination: Nomination) -> float:
    given = [one.value for assessment in nomination.assessments.all() for one in assessment.scores.all() if one.value]
    return sum(given) / len(given) if given else 0


def _nominating(round_: Round):
    programme = round_.cohort.programme
    found = Organisation.objects.of_kinds(programme.nominating_kinds).active().order_by("pk")
    return found if programme.nominations_per_organisation else found[::INVITED_OF_MANY]


def _leaders_of(world: World, organisation: Organisation) -> tuple[Person, Person]:
    """The director who nominates for an organisation, and a line manager there."""
    known = world.kept["directors"]
    if organisation.pk not in known:
        known[organisation.pk] = tuple(
            _somebody_known(world, organisation=organisation, role_title=title)
            for title in ("Corporate Director", "Director of Service Delivery")
        )
    return known[organisation.pk]


def _somebody_known(world: World, **details) -> Person:
    somebody = world.somebody()
    words = {**{key: somebody[key] for key in ("known_as", "pronouns")}, **details}
    return know_person(email=somebody["email"], name=somebody["name"], by=None, now=world.now, **words)
