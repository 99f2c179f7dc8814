"""What nominations bring to the house: reminders, facts, privacy, planning, emails, the record, the tick."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from cohorts.actions import change_dates, create_cohort
from cohorts.models import Cohort
from cohorts.registry import facts
from leaders.components.dates import LONDON, day_month, london_date
from leaders.documents.registry import kinds
from leaders.home.registry import todos
from leaders.outbox.letters import render
from leaders.outbox.models import Message
from leaders.outbox.registry import emails
from leaders.people.privacy import holdings
from leaders.reminders.actions import materialise, rehearse
from leaders.reminders.actions import tick as write_reminders
from leaders.reminders.models import Reminder
from leaders.reminders.registry import rules
from leaders.reminders.working_days import add_working_days
from nominations.actions import (
    assign,
    decline_nomination,
    extend_deadline,
    invite,
    nobody_this_time,
    save_answer,
    save_equality_return,
    share_out_reading,
    start_nomination,
)
from nominations.emails import inviting
from nominations.models import EqualityReturn, Invitation, Nomination, Round, SavedAnswer
from nominations.reminders import AFTER
from nominations.tasks import tick
from tests.cohorts.factories import CohortFactory
from tests.nominations.factories import (
    ANSWERING,
    CLOSED,
    OPEN,
    READING,
    RELEASED,
    applied,
    complete,
    panel,
    released,
    scored,
    sent,
)
from tests.people.factories import AuthorityFactory, PersonFactory

pytestmark = pytest.mark.django_db
OURS = [part.brings for part in emails if part.key.startswith("nominations.")]


def planned(key, now, scope=None):
    return [(o.recipient.email, o.step, o.on) for o in rules[key].brings.plan(now, scope)]


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.key)
def test_every_letter_is_written_from_its_preview_in_text_and_html(kind):
    letter = kind.write(**kind.sample())
    text, html = render(letter, to_name="Helen")

    assert letter.reply_to == "rosalind.tate@example.org"
    assert letter.subject == letter.subject.strip()
    assert "None" not in text
    assert "!" not in text
    assert "<html" in html


def test_an_invited_nominator_is_reminded_four_times_and_once_after(this_round, camden, helen, rosalind):
    invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)

    assert planned("nominations.invitation", OPEN) == [
        (helen.email, "28 working days before", date(2026, 3, 23)),
        (helen.email, "14 working days before", date(2026, 4, 13)),
        (helen.email, "7 working days before", date(2026, 4, 22)),
        (helen.email, "2 working days before", date(2026, 4, 29)),
        (helen.email, "the day after", date(2026, 5, 5)),
    ]


@pytest.mark.parametrize(
    ("invited", "days"),
    [
        (date(2026, 3, 12), ["20 March", "13 April", "22 April", "29 April"]),
        (date(2026, 3, 19), ["26 March", "13 April", "22 April", "29 April"]),
        (date(2026, 3, 20), ["13 April", "22 April", "29 April"]),
        (date(2026, 4, 10), ["22 April", "29 April"]),
        (date(2026, 4, 21), ["29 April"]),
        (date(2026, 4, 28), ["29 April"]),
        (date(2026, 4, 29), []),
    ],
    ids=[
        "over a week before the first", "the day before it", "on its day", "shortly before the second",
        "the day before the third", "the day before the last", "on the day of the last",
    ],
)  # fmt: skip
def test_nobody_is_chased_in_the_week_of_their_invitation_but_just_before_the_end(
    this_round, camden, helen, rosalind, invited, days
):
    now = datetime.combine(invited, time(8), UTC)
    invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=now)
    materialise(now - timedelta(minutes=1))
    assert [day_month(row.due_at) for row in Reminder.objects.order_by("due_at")] == [*days, "5 May"]


def test_a_panel_member_is_not_chased_on_the_day_on_which_they_get_their_reading(this_round, rosalind):
    """Seven working days before scores are due is the day on which the reading is shared out."""
    due = london_date(this_round.cohort.assessments_due)
    now = datetime.combine(add_working_days(due, -7), time(9, 5), LONDON)
    panel(this_round, 1, now=now - timedelta(days=7))
    complete(this_round)
    materialise(now - timedelta(minutes=10))
    share_out_reading(round=this_round, by=rosalind, now=now)
    materialise(now)
    write_reminders(now)
    letters = Message.objects.filter(kind__in=["nominations.reading", "nominations.scores_chased"])
    assert list(letters.values_list("kind", flat=True)) == ["nominations.reading"]
    assert list(Reminder.objects.filter(rule="nominations.scores").values_list("step", flat=True)) == [
        "2 working days before", "the day after",
    ]  # fmt: skip


@pytest.mark.parametrize("answer", ["begun", "nobody", "nominated by a colleague"])
def test_who_has_answered_hears_nothing(this_round, camden, helen, rosalind, answer):
    invitation = invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    rule = rules["nominations.invitation"].brings
    assert rule.needed(invitation, helen, OPEN)
    if answer == "begun":
        start_nomination(round=this_round, organisation=None, invitation=invitation, by=helen, now=OPEN)
    elif answer == "nobody":
        nobody_this_time(round=this_round, organisation=camden, person=helen, by=helen, now=OPEN)
    else:
        sent(this_round, organisation=camden, email="martin@example.org", name="Martin Cole")

    assert planned("nominations.invitation", OPEN) == []
    assert not rule.needed(invitation, helen, OPEN)


def test_more_time_for_one_nominee_moves_what_is_planned_for_them_alone(this_round, rosalind):
    late, other = (sent(this_round, email=f"director{n}@example.org") for n in range(2))
    materialise(ANSWERING)
    extend_deadline(subject=late, until=READING + timedelta(days=1), reason="Leave", by=rosalind, now=ANSWERING)
    materialise(ANSWERING)

    rows = Reminder.objects.filter(rule="nominations.acceptance", step="1 working day before")
    assert {row.recipient: (row.on, row.due_on) for row in rows} == {
        late.nominee: (date(2026, 6, 1), date(2026, 6, 2)),
        other.nominee: (date(2026, 5, 14), date(2026, 5, 15)),
    }


def test_more_time_for_one_invitation_moves_what_is_planned_for_its_nominator_alone(this_round, rosalind):
    late, other = (
        invite(round=this_round, organisation=AuthorityFactory(), nominator=PersonFactory(), by=rosalind, now=OPEN)
        for _ in range(2)
    )
    materialise(OPEN)
    extend_deadline(subject=late, until=CLOSED + timedelta(days=6), reason="Illness", by=rosalind, now=OPEN)
    materialise(OPEN)

    rows = Reminder.objects.filter(rule="nominations.invitation", step="2 working days before")
    assert {row.recipient: row.due_on for row in rows} == {
        late.nominator: date(2026, 5, 8), other.nominator: date(2026, 5, 1),
    }  # fmt: skip


def test_a_draft_of_an_invited_director_is_chased_with_its_own_link(this_round, camden, helen, rosalind):
    invitation = invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    draft = start_nomination(round=this_round, organisation=None, invitation=invitation, by=helen, now=OPEN)
    rule = rules["nominations.draft"].brings
    letter = rule.letter(draft, helen, "2 working days before", OPEN)

    assert letter.subject == "N Cohort 7: 7 weeks left to send your draft N7-0001, until Friday 1 May 2026"
    assert len(planned("nominations.draft", OPEN)) == 4
    assert letter.blocks[0].button.url.startswith("/nominate/n/")


def test_a_nominee_is_reminded_until_they_answer(this_round):
    nomination = sent(this_round)
    rule = rules["nominations.acceptance"].brings
    assert [step for _, step, _ in planned("nominations.acceptance", ANSWERING)] == [
        "7 working days before",
        "3 working days before",
        "1 working day before",
    ]
    assert rule.needed(nomination, nomination.nominee, ANSWERING)
    assert rule.letter(nomination, nomination.nominee, "", ANSWERING).blocks[0].button.url.startswith("/accept/")

    decline_nomination(nomination=nomination, by="Amina", now=ANSWERING)

    assert planned("nominations.acceptance", ANSWERING) == []
    assert not rule.needed(nomination, nomination.nominee, ANSWERING)


def test_a_nominator_hears_once_that_the_nominee_is_silent(this_round):
    nomination = sent(this_round)
    key = "nominations.acceptance_nominator"
    assert [(to, step) for to, step, _ in planned(key, ANSWERING)] == [
        ("helen.marsh@example.org", "2 working days before")
    ]  # fmt: skip
    letter = rules[key].brings.letter(nomination, nomination.nominator, "", ANSWERING)
    assert letter.subject == f"{nomination.nominee_name} has not answered your nomination yet"

    decline_nomination(nomination=nomination, by="Amina", now=ANSWERING)

    assert planned(key, ANSWERING) == []


def test_a_sponsor_is_reminded_until_they_answer(open_programme):
    applied(open_programme, endorsed=False)
    assert len(planned("nominations.endorsement", ANSWERING)) == 3

    applied(open_programme, email="second@example.org", endorsed=True)

    assert len(planned("nominations.endorsement", ANSWERING)) == 3


def test_a_panel_member_is_reminded_of_what_is_left(this_round):
    member = panel(this_round, 1)[0]
    assert planned("nominations.scores", READING) == []
    scored(complete(this_round), member, (3, None), submit=False)
    rule = rules["nominations.scores"].brings

    assert len(planned("nominations.scores", READING)) == 3
    assert rule.letter(member, member.person, "", READING).subject == "1 nomination is waiting for your scores"
    assert [
        rule.letter(member, member.person, step, READING).opening[0].partition(" by ")[0] for step in ("", AFTER)
    ] == ["Please hand in your scores", "Your scores were due"]


@pytest.mark.parametrize(
    ("quota", "posts", "says"),
    [
        (1, ["Assistant Director"], "one Assistant Director"),
        (None, ["Assistant Director"], "people"),
        (1, [], "one person"),
    ],
)
def test_an_invitation_asks_for_as_many_as_may_be_nominated(this_round, camden, helen, rosalind, quota, posts, says):
    programme = this_round.cohort.programme
    programme.nominations_per_organisation, programme.eligible_roles = quota, posts
    letter = inviting.invitation(
        invitation=Invitation(round=this_round, organisation=camden, nominator=helen), link="/nominate/"
    )

    assert letter.subject.startswith(f"{this_round.cohort.short_name}: nominate {says} by ")


def test_an_open_offer_is_reminded_twice(this_round, rosalind):
    (nomination,) = released(this_round, rosalind, ["offer"])

    assert [step for _, step, _ in planned("nominations.offer", RELEASED)] == [
        "5 working days before",
        "1 working day before",
    ]
    assert nomination.state == "offered"


def test_a_planned_cohort_can_be_rehearsed(this_round, camden, helen, rosalind):
    invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    later = CohortFactory.build(programme=this_round.cohort.programme, contact=rosalind, starts_on=date(2027, 9, 14))
    cohort = create_cohort(
        programme=this_round.cohort.programme,
        number=8,
        contact=rosalind,
        by=rosalind,
        now=OPEN,
        source=this_round.cohort,
        dates={name: getattr(later, name) for name in Cohort.DATES},
    )

    assert {email for email, _, _ in planned("nominations.invitation", OPEN, cohort)} == {helen.email}
    assert Round.objects.get(cohort=cohort).invitations.get().invited_at is None


def test_facts_count_nominated_offered_and_accepted(this_round, rosalind):
    assert facts["nominations"].brings(this_round.cohort, RELEASED) == []
    released(this_round, rosalind, [*["offer"] * 5, *["waiting"] * 5])

    assert [(fact.key, fact.value) for fact in facts["nominations"].brings(this_round.cohort, RELEASED)] == [
        ("nominated", 10),
        ("offered", 5),
        ("accepted", 0),
    ]


def test_facts_leave_out_numbers_that_tell_of_a_few(this_round, rosalind):
    released(this_round, rosalind, [*["offer"] * 6, "waiting"])

    assert [(fact.key, fact.value) for fact in facts["nominations"].brings(this_round.cohort, RELEASED)] == [
        ("nominated", 7),
        ("accepted", 0),
    ]


def test_a_panel_members_home_leads_to_what_they_have_to_read(this_round):
    nomination = complete(this_round)
    member = panel(this_round, 1)[0]
    assert todos["panel"].brings(member.person, READING) == []
    assign(nomination=nomination, member=member, by=None, now=READING)

    (todo,) = todos["panel"].brings(member.person, READING)
    assert (todo.title, todo.url, todo.minutes) == ("Read 1 nomination for Cohort 7", "/panel/", 20)


def test_a_nominee_is_exported_and_erased(this_round):
    nomination = complete(this_round)
    save_equality_return(nomination=nomination, question_set="2026-1", answers={"sex": "Female"})
    person = nomination.nominee
    ours = [part.brings for part in holdings if part.key.startswith("nominations.")]
    exported = [row for holding in ours for row in holding.export(person)]
    assert exported[0]["your statement"] == nomination.statement
    assert {"question set": "2026-1", "sex": "Female"} in exported

    for holding in ours:
        holding.erase(person, READING)

    nomination.refresh_from_db()
    assert (nomination.statement, nomination.why, nomination.access_needs) == ("", {}, "")
    assert nomination.nominee_name == "Somebody who asked to be erased"
    assert not EqualityReturn.objects.exists()


def test_the_record_holds_what_the_nominator_sent_and_not_the_nominees_words(this_round, helen, otto):
    nomination = complete(this_round)
    kind = kinds["nominations.record"].brings
    source = kind.source(nomination)

    assert source.filename == "N7-0001.pdf"
    assert "statement" not in str(sorted(source.context))
    assert [kind.visible_to(nomination, person) for person in (nomination.nominator, otto)] == [True, False]


def test_the_tick_opens_rounds_ends_offers_and_fills_seats(this_round, rosalind, time_machine):
    time_machine.move_to(OPEN)
    tick()
    this_round.refresh_from_db()
    assert this_round.opened_at is not None
    Cohort.objects.filter(pk=this_round.cohort_id).update(capacity=1)
    this_round.cohort.refresh_from_db()
    released(this_round, rosalind, ["offer", "waiting"])
    time_machine.move_to(RELEASED + timedelta(days=30))

    tick()

    assert list(Nomination.objects.order_by("pk").values_list("state", flat=True)) == ["offer_expired", "offered"]


def test_what_somebody_without_a_place_said_they_need_goes_when_the_cohort_closes(this_round):
    nomination = complete(this_round)
    Nomination.objects.filter(pk=nomination.pk).update(access_needs="A hearing loop")
    tick()
    assert Nomination.objects.get().access_needs == "A hearing loop"

    Cohort.objects.filter(pk=this_round.cohort_id).update(status="graduated", closed_at=RELEASED)
    tick()

    assert Nomination.objects.get().access_needs == ""


def test_what_was_saved_of_an_answer_and_never_sent_goes_when_the_cohort_closes(this_round):
    nomination = sent(this_round)
    save_answer(nomination=nomination, words={"statement": "I have beg"}, by=nomination.nominee, now=OPEN)
    tick()
    assert SavedAnswer.objects.exists()

    Cohort.objects.filter(pk=this_round.cohort_id).update(status="graduated", closed_at=RELEASED)
    tick()

    assert not SavedAnswer.objects.exists()


def test_a_rehearsal_before_anybody_is_invited_invents_nominators_drafts_nominees_and_a_panel(this_round, rosalind):
    Cohort.objects.update(status="planned")
    this_round.cohort.refresh_from_db()
    now = this_round.cohort.nominations_open - timedelta(days=100)
    for n in range(6):
        AuthorityFactory(name=f"Authority {n}")
    found = rehearse(this_round.cohort, now)
    titles = {line.title for mail in found.mails for line in mail}
    assert {
        "Nominators who were invited and have not begun", "Invited nominators with a draft that is not sent",
        "Nominees who have not accepted or declined", "Nominators whose nominee has not answered",
        "Panel members with readings to hand in", "Invitation to nominate",
    } <= titles  # fmt: skip
    assert any("invented nominators" in said for said in found.invented)
    assert not Invitation.objects.exists()
    assert not Nomination.objects.exists()


def test_a_moved_deadline_is_told_to_those_who_were_told_another_and_have_not_acted(
    this_round, camden, helen, rosalind
):
    cohort, hackney, sutton = this_round.cohort, AuthorityFactory(name="Hackney"), AuthorityFactory(name="Sutton")
    invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    later = invite(round=this_round, organisation=hackney, nominator=PersonFactory(), by=rosalind, now=OPEN)
    extend_deadline(subject=later, until=datetime(2026, 6, 1, 16, tzinfo=UTC), reason="Ill", by=rosalind, now=OPEN)
    sent(this_round, organisation=sutton, email="bola@example.org")
    Message.objects.all().delete()
    change_dates(
        cohort=cohort, dates={"nominations_close": cohort.nominations_close + timedelta(days=4)}, by=rosalind, now=OPEN
    )
    message = Message.objects.get()
    assert (message.kind, message.person) == ("cohorts.deadline_moved", helen)
    assert message.subject == "Cohort 7: nominations now close on Tuesday 5 May 2026, 6pm"
    assert "Nominations now close on Tuesday 5 May 2026, 6pm (was Friday 1 May 2026, 6pm)." in message.text
    assert "Open your page: http" in message.text
