"""From a rule to a message: planned once, moved with its date, written once, and only if still needed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from leaders.outbox.consent import give_consent
from leaders.outbox.delivery import send_due
from leaders.outbox.models import Message
from leaders.outbox.registry import Category, email, emails
from leaders.outbox.wordings import save_wording
from leaders.people.models import Person
from leaders.reminders import digest
from leaders.reminders.actions import drop, materialise, rehearse, shifts, tick
from leaders.reminders.actions.plan import Line
from leaders.reminders.calendar import closed_by
from leaders.reminders.models import ClosedPeriod, NoDigest, Pace, Reminder
from leaders.reminders.registry import DatedLetter, Signature, comings, dated_letters, signatures
from tests.people.factories import OrganisationFactory, PersonFactory
from tests.reminders.conftest import MORNING, THURSDAY

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def amara():
    return PersonFactory(name="Amara Mensah")


@pytest.fixture
def camden():
    return OrganisationFactory(name="Camden")


def _broken(now, scope):
    raise ValueError("no such thing")


def states():
    return list(Reminder.objects.values_list("state", flat=True))


def test_a_digest_goes_out_once_on_the_persons_day(world, amara, camden, mailoutbox):
    world.rule()
    world.plan(camden, amara, date(2027, 3, 5), due=date(2027, 3, 8))
    materialise(MORNING - 7 * DAY)
    for minutes in range(-2, 4):
        now = MORNING + timedelta(minutes=minutes)
        tick(now)
        send_due(now)
    assert [(m.to, m.subject) for m in mailoutbox] == [
        (["Amara Mensah <" + amara.email + ">"], "Your week: 1 thing due by Monday 8 March")
    ]
    assert states() == ["written"]


def test_somebody_who_has_acted_hears_nothing(world, amara, camden):
    world.rule()
    world.plan(camden, amara, THURSDAY)
    materialise(MORNING - DAY)
    world.acted.add((camden.pk, amara.pk))
    tick(MORNING)
    assert not Message.objects.exists()
    assert Reminder.objects.get().reason == "No longer needed: signed"


def test_somebody_who_acts_between_writing_and_sending_hears_nothing(world, amara, camden, mailoutbox):
    world.rule()
    world.plan(camden, amara, THURSDAY)
    materialise(MORNING - DAY)
    tick(MORNING)
    world.acted.add((camden.pk, amara.pk))
    send_due(MORNING)
    assert mailoutbox == []
    assert Message.objects.get().reason == "It is no longer needed"
    assert states() == ["skipped"]


def test_what_is_left_of_a_digest_is_written_anew(world, amara, camden, mailoutbox):
    hackney = OrganisationFactory(name="Hackney")
    world.rule()
    world.plan(camden, amara, THURSDAY, due=date(2027, 3, 8))
    world.plan(hackney, amara, THURSDAY, due=date(2027, 3, 9))
    materialise(MORNING - DAY)
    tick(MORNING)
    world.acted.add((camden.pk, amara.pk))
    send_due(MORNING)
    tick(MORNING + timedelta(minutes=1))
    send_due(MORNING + timedelta(minutes=1))
    assert [m.subject for m in mailoutbox] == ["Your week: 1 thing due by Tuesday 9 March"]
    assert list(Message.objects.order_by("pk").values_list("state", "reason")) == [
        ("skipped", "Part of it was done meanwhile; the rest is written anew"),
        ("sent", ""),
    ]


def test_a_moved_date_moves_the_row_and_adds_none(world, amara, camden):
    world.rule(letters=True)
    world.plan(camden, amara, date(2027, 3, 10), due=date(2027, 3, 12))
    materialise(MORNING)
    world.move(7)
    planned = materialise(MORNING)
    assert (planned.inserted, planned.moved) == (0, 1)
    assert Reminder.objects.get().due_at == datetime(2027, 3, 17, 9, tzinfo=UTC)


def test_a_moved_date_leaves_what_was_sent(world, amara, camden):
    world.rule(letters=True)
    world.plan(camden, amara, THURSDAY)
    materialise(MORNING)
    tick(MORNING)
    world.move(7)
    materialise(MORNING)
    tick(MORNING + 7 * DAY)
    assert states() == ["written"]
    assert Message.objects.count() == 1


def test_what_the_office_dropped_stays_so_when_its_date_moves_or_its_occasion_returns(world, amara, camden, rosalind):
    world.rule(letters=True)
    world.plan(camden, amara, date(2027, 3, 10), due=date(2027, 3, 12))
    materialise(MORNING)
    drop(reminder=Reminder.objects.get(), by=rosalind, now=MORNING, reason="She knows")
    world.move(7)
    materialise(MORNING)
    kept, world.occurrences = world.occurrences, []
    materialise(MORNING)
    world.occurrences = kept
    materialise(MORNING)
    row = Reminder.objects.get()
    assert (row.state, row.reason, row.on) == ("dropped", "She knows", date(2027, 3, 17))
    assert tick(datetime(2027, 3, 17, 10, tzinfo=UTC)).mails == 0


def test_a_vanished_occasion_is_cancelled_and_comes_back_when_it_returns(world, amara, camden):
    world.rule(letters=True)
    world.plan(camden, amara, date(2027, 3, 10))
    materialise(MORNING)
    kept, world.occurrences = world.occurrences, []
    materialise(MORNING)
    assert states() == ["cancelled"]
    world.occurrences = kept
    materialise(MORNING)
    assert states() == ["pending"]


def test_a_step_missed_by_somebody_invited_late_is_not_made_up(world, amara, camden):
    world.rule(letters=True)
    materialise(MORNING)
    world.plan(camden, amara, date(2027, 3, 3), step="14 days")
    world.plan(camden, amara, date(2027, 3, 11), step="7 days")
    materialise(MORNING + timedelta(hours=1))
    assert list(Reminder.objects.values_list("step", flat=True)) == ["7 days"]


def test_what_is_due_together_comes_in_one_mail(world, amara, camden, mailoutbox):
    world.rule("test.contract")
    world.rule("test.round", letters=True)
    world.plan(camden, amara, THURSDAY, due=date(2027, 3, 8))
    materialise(MORNING - DAY)
    tick(MORNING)
    send_due(MORNING)
    assert [m.subject for m in mailoutbox] == ["Your week: 2 things due by Monday 8 March"]
    assert "\n\nTwo things need you, the first by Monday 8 March.\n\n" in mailoutbox[0].body
    assert "CAMDEN CLOSES SOON" in mailoutbox[0].body
    assert "SIGN FOR CAMDEN" in mailoutbox[0].body


def test_nobody_gets_more_than_two_reminder_mails_in_seven_days(world, amara, camden, mailoutbox):
    world.rule(letters=True, expires=2)
    for step, on in enumerate([date(2027, 3, 1), date(2027, 3, 2), date(2027, 3, 3), date(2027, 3, 9)]):
        world.plan(camden, amara, on, step=str(step))
    start = datetime(2027, 3, 1, 8, 50, tzinfo=UTC)
    materialise(start - DAY)
    for day in range(10):
        now = start + day * DAY + timedelta(minutes=10)
        tick(now)
        send_due(now)
    assert [r.reason for r in Reminder.objects.order_by("on")] == ["", "", "They had enough mail that week", ""]
    assert len(mailoutbox) == 3


def test_five_days_without_a_tick_send_nothing_stale_and_one_mail_each(world, amara, camden, mailoutbox):
    world.rule(letters=True, expires=1)
    for day in range(1, 8):
        world.plan(camden, amara, date(2027, 3, day), step=str(day))
    materialise(datetime(2027, 2, 26, 9, tzinfo=UTC))
    back = datetime(2027, 3, 5, 11, tzinfo=UTC)
    tick(back)
    send_due(back)
    assert len(mailoutbox) == 1
    by_state = {r.step: r.state for r in Reminder.objects.all()}
    assert by_state == {
        "1": "skipped", "2": "skipped", "3": "skipped", "4": "written", "5": "written", "6": "written", "7": "written",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("on", "back"),
    [
        (date(2027, 3, 5), datetime(2027, 3, 8, 17, 59, tzinfo=UTC)),
        (date(2027, 3, 5), datetime(2027, 3, 10, 17, 59, tzinfo=UTC)),
        (date(2027, 3, 25), datetime(2027, 3, 30, 8, tzinfo=UTC)),
        (date(2027, 3, 25), datetime(2027, 4, 1, 16, 59, tzinfo=UTC)),
    ],
    ids=["Friday, back on Monday", "Friday, back on Wednesday", "Maundy Thursday, after Easter", "two days after that"],
)
def test_a_letter_that_an_outage_kept_back_goes_out_on_the_next_working_days(world, amara, camden, on, back):
    world.rule(letters=True)
    world.plan(camden, amara, on)
    materialise(MORNING - DAY)
    assert tick(back).mails == 1


def test_the_fourth_working_day_is_too_late_for_a_letter(world, amara, camden):
    world.rule(letters=True)
    world.plan(camden, amara, date(2027, 3, 5))
    materialise(MORNING - DAY)
    assert tick(datetime(2027, 3, 10, 18, tzinfo=UTC)).skipped == 1


def test_a_day_closed_during_an_outage_does_not_count(world, amara, camden):
    world.rule(letters=True)
    world.plan(camden, amara, date(2027, 3, 5))
    materialise(MORNING - DAY)
    close(date(2027, 3, 8), date(2027, 3, 10))
    materialise(datetime(2027, 3, 5, 12, tzinfo=UTC))
    assert tick(datetime(2027, 3, 11, 10, tzinfo=UTC)).mails == 1


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2027, 3, 4, 8, 59, tzinfo=UTC),
        datetime(2027, 3, 4, 18, 0, tzinfo=UTC),
        datetime(2027, 3, 6, 11, 0, tzinfo=UTC),
        datetime(2027, 3, 26, 11, 0, tzinfo=UTC),
    ],
    ids=["before nine", "at six", "on a Saturday", "on Good Friday"],
)
def test_nothing_is_written_outside_working_hours(world, amara, camden, moment):
    world.rule(letters=True, expires=60)
    world.plan(camden, amara, date(2027, 3, 1))
    materialise(datetime(2027, 2, 26, 9, tzinfo=UTC))
    assert tick(moment).mails == 0


def test_a_person_may_stop_the_weekly_mail(world, amara, camden):
    world.rule()
    world.plan(camden, amara, THURSDAY)
    NoDigest.objects.create(person=amara, since=MORNING)
    materialise(MORNING - DAY)
    assert tick(MORNING).mails == 0
    assert Reminder.objects.get().reason == "They do not want the weekly email"


def test_another_day_for_the_digest_moves_the_row(world, amara, camden):
    world.rule()
    world.plan(camden, amara, date(2027, 3, 12))
    materialise(MORNING - DAY)
    assert Reminder.objects.get().due_at == datetime(2027, 3, 11, 9, tzinfo=UTC)
    Person.objects.update(digest_day=0)
    amara.digest_day = 0
    materialise(MORNING - DAY)
    assert Reminder.objects.get().due_at == datetime(2027, 3, 8, 9, tzinfo=UTC)


def test_a_rule_that_fails_silences_no_other(world, amara, camden, mailoutbox):
    world.rule("test.good", letters=True)
    good = world.rule("test.broken", letters=True)
    object.__setattr__(good, "plan", _broken)
    world.plan(camden, amara, THURSDAY)
    planned = materialise(MORNING - DAY)
    tick(MORNING)
    assert planned.failed == ["test.broken"]
    assert states() == ["written"]


def test_what_comes_up_while_a_rule_is_broken_goes_out_when_it_is_mended(world, amara, camden):
    rule = world.rule(letters=True)
    plan = rule.plan
    materialise(MORNING - DAY)
    object.__setattr__(rule, "plan", _broken)
    world.plan(camden, amara, THURSDAY)
    for hours in range(3):
        assert materialise(MORNING + timedelta(hours=hours)).failed == [rule.key]
    object.__setattr__(rule, "plan", plan)
    assert materialise(MORNING + timedelta(hours=3)).inserted == 1
    assert tick(MORNING + timedelta(hours=3)).mails == 1


def test_a_rule_broken_from_its_first_day_makes_up_for_what_it_missed(world, amara, camden):
    rule = world.rule(letters=True)
    plan = rule.plan
    object.__setattr__(rule, "plan", _broken)
    world.plan(camden, amara, THURSDAY)
    materialise(MORNING)
    object.__setattr__(rule, "plan", plan)
    assert materialise(MORNING + timedelta(hours=1)).inserted == 1


def test_a_new_rule_does_not_make_up_for_what_was_before_it(world, amara, camden):
    materialise(MORNING)
    world.rule(letters=True)
    world.plan(camden, amara, THURSDAY)
    assert materialise(MORNING + timedelta(hours=1)).inserted == 0


def test_a_rehearsal_writes_nothing_and_counts_by_week_and_person(world, amara, camden):
    world.rule(letters=True)
    for day in (1, 2, 3, 8):
        world.plan(camden, amara, date(2027, 3, day), step=str(day))
    rehearsal = rehearse(camden, MORNING)
    assert rehearsal.weeks == {date(2027, 3, 1): (3, 0), date(2027, 3, 8): (1, 0)}
    assert rehearsal.people == {amara: 4}
    assert rehearsal.busy == {amara: [date(2027, 3, 1)]}
    assert not Reminder.objects.exists()


def test_steps_of_one_thing_that_would_come_together_are_one_line_of_a_rehearsal(world, amara, camden):
    world.rule()
    for step, on in (("when it opens", date(2027, 3, 4)), ("a week before", date(2027, 3, 5))):
        world.plan(camden, amara, on, step=step, due=date(2027, 3, 9))
    (mail,) = rehearse(camden, MORNING).mails
    assert [line.detail for line in mail] == ["a week before"]


def test_the_subject_says_of_what_has_no_day_only_that_it_is_to_do():
    dated = [digest.Line("Sign", (), None, date(2027, 3, day)) for day in (9, 12)]
    undated = [digest.Line("Answer", (), None, None)]
    assert [digest.subject(lines, THURSDAY) for lines in (dated, dated + undated, undated)] == [
        "2 things due by Friday 12 March",
        "3 things to do, the first by Tuesday 9 March",
        "1 thing to do",
    ]
    assert digest.subject(dated + undated, date(2027, 3, 10)) == "3 things to do, 1 of them late"


def test_a_rehearsal_counts_letters_on_dates_apart_from_reminders(world, amara, camden):
    """Each is a mail of its own, and no pace holds them back."""
    world.rule(letters=True)
    world.plan(camden, amara, date(2027, 3, 3))
    dated_letters(order=1, key="test")(
        lambda scope, now: [DatedLetter("nominations.invitation", amara, MORNING, scope.name)] * 3
    )
    rehearsal = rehearse(camden, MORNING)
    assert rehearsal.weeks == {date(2027, 3, 1): (1, 3)}
    assert rehearsal.people == {amara: 4}
    assert rehearsal.busy == {}
    assert rehearsal.mails[-1] == [Line(MORNING, amara, "Invitation to nominate", camden.name)]


def test_a_digest_says_what_is_coming_up_in_order_and_who_signs(world, amara, camden, mailoutbox, monkeypatch):
    for joint in (comings, signatures):
        monkeypatch.setattr(joint, "_parts", {})
    comings.part(order=1, key="a")(lambda person, start, end: [(MORNING + 14 * DAY, "Module 4, Toynbee Hall")])
    comings.part(order=2, key="b")(lambda person, start, end: [(MORNING + DAY, "Mentoring with Joanne")])
    signed = Signature("London Leadership Programme", "Rosalind Tate", "Programme director", "r@example.org", "Yes.")
    signatures.part(order=1, key="a")(lambda person, now: signed)
    world.rule()
    world.plan(camden, amara, THURSDAY, due=date(2027, 3, 8))
    materialise(MORNING - DAY)
    tick(MORNING)
    send_due(MORNING)
    (mail,) = mailoutbox
    assert mail.reply_to == ["r@example.org"]
    assert (
        "COMING UP\nFriday 5 March, 9am: Mentoring with Joanne\nThursday 18 March, 9am: Module 4, Toynbee Hall\n"
        in mail.body
    )
    assert "Rosalind Tate\nProgramme director\n" in mail.body


def test_one_tick_after_the_other_writes_one_mail(world, amara, camden):
    world.rule(letters=True)
    world.plan(camden, amara, THURSDAY)
    materialise(MORNING - DAY)
    assert [tick(MORNING).mails for _ in range(4)] == [1, 0, 0, 0]


def test_two_steps_of_one_thing_that_come_together_say_it_once(world, amara, camden, mailoutbox):
    world.rule()
    hackney = OrganisationFactory(name="Hackney")
    world.plan(hackney, amara, THURSDAY, due=date(2027, 3, 12))
    for step, on in (("the next day", date(2027, 3, 4)), ("a week later", date(2027, 3, 5))):
        world.plan(camden, amara, on, step=step, due=date(2027, 3, 9))
    materialise(MORNING - DAY)
    tick(MORNING)
    send_due(MORNING)
    (mail,) = mailoutbox
    assert mail.subject == "Your week: 2 things due by Friday 12 March"
    assert [line for line in mail.body.splitlines() if line.startswith("SIGN")] == [
        "SIGN FOR CAMDEN", "SIGN FOR HACKNEY",
    ]  # fmt: skip
    assert states() == ["written"] * 3


def test_the_steps_of_a_letter_that_an_outage_brought_together_are_one_letter(world, amara, camden, mailoutbox):
    world.rule(letters=True, expires=5)
    for step, on in (("7 days", date(2027, 3, 2)), ("2 days", THURSDAY)):
        world.plan(camden, amara, on, step=step)
    materialise(datetime(2027, 3, 1, 8, tzinfo=UTC))
    tick(MORNING)
    send_due(MORNING)
    assert [mail.subject for mail in mailoutbox] == ["Camden closes soon"]
    assert states() == ["written", "written"]


def test_letters_due_together_to_somebody_without_a_home_stay_letters(world, amara, camden, mailoutbox):
    world.rule(letters=True)
    for organisation in (camden, OrganisationFactory(name="Hackney")):
        world.plan(organisation, amara, THURSDAY)
    materialise(MORNING - DAY)
    tick(MORNING)
    send_due(MORNING)
    (mail,) = mailoutbox
    assert mail.subject == "2 things to do"
    assert "weekly email" not in mail.body
    assert "CAMDEN CLOSES SOON" in mail.body
    assert Message.objects.get().kind == "reminders.bundle"


@pytest.fixture
def in_our_words(rosalind):
    """What the office made of one letter, of the weekly digest, and of several letters in one."""
    words = {
        "cohorts.graduated": ("{usual}, {first_name}", "{usual}\n\nWe mean it.", "Ring us."),
        "reminders.digest": ("", "The weekly email.", ""),
        "reminders.bundle": ("", "{usual} Two at once!", ""),
    }
    for kind, (subject, opening, closing) in words.items():
        save_wording(kind=kind, subject=subject, opening=opening, closing=closing, by=rosalind, now=MORNING - DAY)


def test_letters_that_come_together_keep_the_offices_words_for_each(world, in_our_words, amara, camden, mailoutbox):
    world.rule(letters=True, email="cohorts.graduated")
    for organisation in (camden, OrganisationFactory(name="Hackney")):
        world.plan(organisation, amara, THURSDAY)
    materialise(MORNING - DAY)
    tick(MORNING)
    send_due(MORNING)
    (mail,) = mailoutbox
    for name in ("CAMDEN", "HACKNEY"):
        said = f"{name} CLOSES SOON, AMARA\nOne thing needs you.\n\nWe mean it.\n\nRing us.\nNominate: "
        assert said in mail.body
    assert "Two things need you. Two at once!" in mail.body
    assert "The weekly email." not in mail.body


def test_a_letter_in_the_weekly_digest_keeps_the_offices_words(world, in_our_words, amara, camden, mailoutbox):
    world.rule("test.contract")
    world.rule("test.round", letters=True, email="cohorts.graduated")
    world.plan(camden, amara, THURSDAY)
    materialise(MORNING - DAY)
    tick(MORNING)
    send_due(MORNING)
    (mail,) = mailoutbox
    assert "CAMDEN CLOSES SOON, AMARA\nOne thing needs you.\n\nWe mean it.\n\nRing us.\nNominate: " in mail.body
    assert "The weekly email." in mail.body


def test_a_step_before_a_deadline_does_not_go_out_after_it(world, amara, camden):
    """Five working days are allowed, and the deadline comes after one: an outage makes it pointless, not late."""
    world.rule(letters=True, expires=5)
    world.plan(camden, amara, THURSDAY, step="the day before", due=date(2027, 3, 5))
    world.plan(camden, amara, date(2027, 3, 8), step="the day after", due=date(2027, 3, 5))
    materialise(MORNING - DAY)
    tick(datetime(2027, 3, 8, 10, tzinfo=UTC))
    assert dict(Reminder.objects.values_list("step", "state")) == {
        "the day before": "skipped", "the day after": "written",
    }  # fmt: skip


def test_a_letter_that_a_rule_writes_takes_the_offices_words_for_that_email(world, amara, camden, rosalind):
    save_wording(
        kind="cohorts.graduated", subject="In our words", opening="", closing="", by=rosalind, now=MORNING - DAY
    )  # fmt: skip
    world.rule(letters=True, email="cohorts.graduated")
    world.plan(camden, amara, THURSDAY)
    materialise(MORNING - DAY)
    tick(MORNING)
    assert list(Message.objects.values_list("kind", "subject")) == [("cohorts.graduated", "In our words")]


# Days that the office closes


def close(first, last):
    return ClosedPeriod.objects.create(label="Office moves", first=first, last=last)


def test_a_day_closed_after_planning_moves_what_is_not_sent_and_gives_it_back(world, amara, camden):
    world.rule(letters=True)
    world.plan(camden, amara, date(2027, 3, 12), due=date(2027, 3, 16))
    materialise(MORNING)
    period = close(date(2027, 3, 11), date(2027, 3, 12))
    assert materialise(MORNING).moved == 1
    assert Reminder.objects.get().due_at == datetime(2027, 3, 10, 9, tzinfo=UTC)
    period.delete()
    assert materialise(MORNING).moved == 1
    assert Reminder.objects.get().due_at == datetime(2027, 3, 12, 9, tzinfo=UTC)


def test_what_a_closure_would_put_into_the_past_goes_out_at_the_next_opening_before_its_deadline(world, amara, camden):
    world.rule(letters=True, expires=2)
    world.plan(camden, amara, date(2027, 3, 9), due=date(2027, 3, 12))
    materialise(MORNING)
    close(THURSDAY, date(2027, 3, 10))
    materialise(MORNING)
    assert Reminder.objects.get().due_at == datetime(2027, 3, 11, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (date(2027, 3, 12), datetime(2027, 3, 11, 9, tzinfo=UTC)),
        (date(2027, 3, 10), datetime(2027, 3, 4, 9, tzinfo=UTC)),
    ],
    ids=["its deadline leaves a day", "its deadline leaves none"],
)
def test_a_closure_saved_in_the_afternoon_sends_at_once_only_what_has_no_other_day(world, amara, camden, due, expected):
    world.rule(letters=True)
    world.plan(camden, amara, date(2027, 3, 5), due=due)
    materialise(MORNING)
    close(date(2027, 3, 5), date(2027, 3, 10))
    materialise(MORNING + timedelta(hours=7))
    assert Reminder.objects.get().due_at == expected


def test_what_a_closure_would_move_is_what_the_next_planning_moves(world, amara, camden):
    world.rule(letters=True)
    for number, (on, due) in enumerate([(5, 12), (5, 10), (9, 9), (11, 12), (3, 12)]):
        world.plan(camden, amara, date(2027, 3, on), due=date(2027, 3, due), step=str(number))
    materialise(MORNING - 2 * DAY)
    Reminder.objects.filter(step="4").update(state="written")
    period = ClosedPeriod(label="Office moves", first=date(2027, 3, 5), last=date(2027, 3, 10))
    now = MORNING + timedelta(hours=7)
    before = dict(Reminder.objects.values_list("step", "due_at"))

    found = shifts(closed_by(Pace.current(), [period], now), now)

    assert dict(Reminder.objects.values_list("step", "due_at")) == before
    period.save()
    materialise(now)
    after = dict(Reminder.objects.values_list("step", "due_at"))
    assert {shift.row.step: shift.goes_at for shift in found} == {
        "0": datetime(2027, 3, 11, 9, tzinfo=UTC), "1": now, "2": now,
    }  # fmt: skip
    assert all(shift.goes_at == max(now, after[shift.row.step]) for shift in found)
    assert {step for step in before if before[step] != after[step]} == {"0", "1", "2"}


# What somebody has only just been asked for


@pytest.mark.parametrize("letters", [True, False])
def test_nobody_is_reminded_on_the_day_on_which_they_are_asked(world, amara, camden, letters):
    world.rule(letters=letters)
    world.plan(camden, amara, THURSDAY, due=THURSDAY, asked=MORNING)
    world.plan(camden, amara, date(2027, 3, 3), due=THURSDAY, step="before", asked=MORNING)
    materialise(MORNING - timedelta(minutes=1))
    assert not Reminder.objects.exists()


def test_a_line_of_the_week_waits_a_week_when_its_reader_is_asked_on_their_day(world, amara, camden):
    world.rule()
    world.plan(camden, amara, THURSDAY, due=date(2027, 3, 15), asked=MORNING)
    materialise(MORNING - timedelta(minutes=1))
    assert Reminder.objects.get().due_at == datetime(2027, 3, 11, 9, tzinfo=UTC)


def test_who_is_asked_anew_on_the_day_of_a_reminder_does_not_get_it(world, amara, camden):
    world.rule(letters=True)
    world.plan(camden, amara, THURSDAY, due=date(2027, 3, 15), asked=MORNING - 7 * DAY)
    materialise(MORNING - DAY)
    world.occurrences = []
    world.plan(camden, amara, THURSDAY, due=date(2027, 3, 15), asked=MORNING)
    assert tick(MORNING + timedelta(minutes=5)).mails == 0
    assert list(Reminder.objects.values_list("state", "reason")) == [
        ("cancelled", "They were asked on that day, or later")
    ]


def test_a_closure_moves_nothing_that_was_sent(world, amara, camden):
    world.rule(letters=True)
    world.plan(camden, amara, THURSDAY)
    materialise(MORNING - DAY)
    tick(MORNING)
    before = Reminder.objects.get().due_at
    close(THURSDAY, date(2027, 3, 10))
    assert materialise(MORNING).moved == 0
    assert Reminder.objects.get().due_at == before


@pytest.mark.parametrize(
    ("quiet", "expected"), [(True, datetime(2027, 7, 30, 8, tzinfo=UTC)), (False, datetime(2027, 8, 16, 8, tzinfo=UTC))]
)
def test_august_is_quiet_by_setting_and_a_change_moves_what_is_planned(world, amara, camden, quiet, expected):
    Pace.objects.create(pk=1, quiet_august=not quiet)
    world.rule(letters=True)
    world.plan(camden, amara, date(2027, 8, 16))
    materialise(MORNING)
    Pace.objects.update(quiet_august=quiet)
    assert materialise(MORNING).moved == 1
    assert Reminder.objects.get().due_at == expected


# Promotional


@pytest.fixture
def news(monkeypatch):
    """An email that the law asks consent for."""
    monkeypatch.setattr(emails, "_parts", dict(emails._parts))
    email("test.news", title="News", sample=dict, category=Category.PROMOTIONAL)(lambda: None)


def test_a_promotional_reminder_goes_to_those_alone_who_agreed(world, news, amara, camden, mailoutbox):
    femi = PersonFactory(name="Femi Adebayo")
    give_consent(address=femi.email, how="Ticked a box", now=MORNING, by=femi)
    world.rule(letters=True, email="test.news")
    for person in (amara, femi):
        world.plan(camden, person, THURSDAY)
    materialise(MORNING - DAY)
    tick(MORNING)
    send_due(MORNING)
    assert [mail.to for mail in mailoutbox] == [[f"Femi Adebayo <{femi.email}>"]]
    assert mailoutbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert Reminder.objects.get(recipient=amara).reason == "They have not agreed to promotional mail"


def test_a_promotional_reminder_never_shares_a_mail_with_what_a_place_brings(world, news, amara, camden, mailoutbox):
    give_consent(address=amara.email, how="Ticked a box", now=MORNING, by=amara)
    world.rule("test.news", letters=True, email="test.news")
    world.rule("test.contract")
    world.plan(camden, amara, THURSDAY)
    materialise(MORNING - DAY)
    for minute in range(2):
        tick(MORNING + timedelta(minutes=minute))
    send_due(MORNING + timedelta(minutes=2))
    assert [(mail.subject, "List-Unsubscribe" in mail.extra_headers) for mail in mailoutbox] == [
        ("Your week: 1 thing to do", False), ("Camden closes soon", True),
    ]  # fmt: skip
