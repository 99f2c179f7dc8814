"""What the year brings to reminders, graduation, a cohort's figures, privacy and documents."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from icalendar import Calendar

from cohorts.models import Place
from leaders.documents.actions import request_document
from leaders.documents.rendering import render
from leaders.home.calendar import calendar_of
from leaders.outbox.delivery import send_due
from leaders.outbox.models import Message
from leaders.people.models import Person
from leaders.people.privacy import holdings
from leaders.reminders.actions import materialise, tick
from leaders.reminders.registry import rules
from modules.actions import (
    book_speaker,
    complete_catch_up,
    confirm_module,
    give_feedback,
    log_experiment,
    mark_read,
    record_attendance,
    set_catch_up,
)
from modules.documents import badges, handbook, register
from modules.facts import attendance as attendance_facts
from modules.facts import challenges as challenge_facts
from modules.facts import feedback as feedback_facts
from modules.facts import sessions as session_facts
from modules.models import CatchUp, Experiment, Feedback, Module, Reading, Speaker, TeamPresentation
from modules.reminders.year import sessions as coming_sessions
from modules.requirements import attendance, team_presentation
from tests.browsers import sign_in
from tests.cohorts.factories import NOW, PlaceFactory
from tests.modules.factories import AttendanceFactory, ReadingTaskFactory, SessionFactory, TeamFactory, six_modules

pytestmark = pytest.mark.django_db

ANSWERS = {"worth_the_time": 5, "new_perspectives": 4, "will_use_it": 3, "took_part_fully": 4}


@pytest.fixture
def modules(cohort):
    """Seven weeks apart: four are over at NOW, the fifth begins on 30 March 2027."""
    return six_modules(cohort, weeks=7)


# Reminders


def occurrences(key, now=NOW, scope=None):
    return [(o.recipient.name, o.step, o.on, o.due) for o in rules[key].brings.plan(now, scope)]


def needed(key, subject, person, now=NOW):
    return rules[key].brings.needed(subject, person, now)


def test_reading_is_reminded_of_a_week_and_a_day_before_it_is_due(modules, amara):
    ReadingTaskFactory(module=modules[4], due_on=date(2027, 3, 24))
    ReadingTaskFactory(module=modules[4], due_on=date(2027, 3, 25))

    assert occurrences("modules.reading") == [
        ("Amara Mensah", "a week before", date(2027, 3, 17), date(2027, 3, 24)),
        ("Amara Mensah", "the day before", date(2027, 3, 23), date(2027, 3, 24)),
    ]


def test_reading_of_a_later_date_is_reminded_of_too(modules, amara):
    ReadingTaskFactory(module=modules[4], due_on=date(2027, 3, 10))
    ReadingTaskFactory(module=modules[4], due_on=date(2027, 3, 24))

    assert occurrences("modules.reading") == [
        ("Amara Mensah", "a week before", date(2027, 3, 3), date(2027, 3, 10)),
        ("Amara Mensah", "the day before", date(2027, 3, 9), date(2027, 3, 10)),
        ("Amara Mensah", "a week before, date 2", date(2027, 3, 17), date(2027, 3, 24)),
        ("Amara Mensah", "the day before, date 2", date(2027, 3, 23), date(2027, 3, 24)),
    ]


def test_reading_that_is_ticked_or_over_is_not_reminded_of(modules, amara, amara_place):
    paper = ReadingTaskFactory(module=modules[4], due_on=date(2027, 3, 24))
    assert needed("modules.reading", modules[4], amara)

    assert not needed("modules.reading", modules[4], amara, datetime(2027, 3, 30, 12, tzinfo=UTC))
    mark_read(material=paper, place=amara_place, read=True, now=NOW)
    assert not needed("modules.reading", modules[4], amara)


def test_a_module_of_long_ago_is_not_asked_about_and_a_late_answer_is_only_welcome(modules, amara):
    assert not needed("modules.feedback", modules[2], amara)  # ten weeks ago
    assert needed("modules.feedback", modules[3], amara)  # three weeks ago
    assert rules["modules.feedback"].brings.item(modules[3], amara, "a week later", NOW).due is None


def test_the_line_about_reading_counts_only_what_is_left(modules, amara, amara_place):
    read = ReadingTaskFactory(module=modules[4], minutes=30)
    ReadingTaskFactory(module=modules[4], minutes=25, due_on=date(2027, 3, 24))
    mark_read(material=read, place=amara_place, read=True, now=NOW)

    item = rules["modules.reading"].brings.item(modules[4], amara, "a week before", NOW)
    assert (item.title, item.detail, item.due) == (
        "Prepare for module 5, Future of London",
        "1 thing to read, about 25 minutes",
        date(2027, 3, 24),
    )
    for material in modules[4].materials.all():
        mark_read(material=material, place=amara_place, read=True, now=NOW)
    item = rules["modules.reading"].brings.item(modules[4], amara, "a week before", NOW)
    assert item.detail == "2 things to read, about 55 minutes"  # as the office previews it


def test_feedback_is_asked_for_after_every_module_and_once_more(modules, amara):
    module_4 = [o for o in occurrences("modules.feedback") if o[3] == date(2027, 2, 24)]

    assert [(step, on) for _name, step, on, _due in module_4] == [
        ("the next day", date(2027, 2, 11)),
        ("a week later", date(2027, 2, 18)),
    ]


def test_those_who_gave_feedback_or_were_not_there_are_not_asked(modules, amara, amara_place, cohort):
    away = PlaceFactory(cohort=cohort)
    for session in modules[3].sessions.all():
        AttendanceFactory(session=session, place=away, status="absent")
    assert needed("modules.feedback", modules[3], amara)
    assert not needed("modules.feedback", modules[4], amara)  # still to come

    assert not needed("modules.feedback", modules[3], away.person)
    give_feedback(module=modules[3], place=amara_place, answers=ANSWERS, comment="", by=amara, now=NOW)
    assert not needed("modules.feedback", modules[3], amara)


@pytest.fixture
def catch_up(modules, amara_place, adjoa):
    missed = AttendanceFactory(session=modules[3].sessions.first(), place=amara_place, status="absent")
    return set_catch_up(
        attendance=missed, task="Watch the recording", minutes=40, due_on=date(2027, 3, 19), by=adjoa, now=NOW
    )


def test_a_task_that_ends_with_a_full_stop_is_one_sentence_of_its_own(catch_up, amara):
    catch_up.task = "Speak with somebody who was there, and write what you take from it."
    item = rules["modules.catch_up"].brings.item(catch_up, amara, "set", NOW)
    assert item.detail == (
        f"Speak with somebody who was there, and write what you take from it. About {catch_up.minutes} minutes"
    )


def test_catching_up_is_reminded_of_until_it_is_done(catch_up, amara):
    assert [(step, on) for _name, step, on, _due in occurrences("modules.catch_up")] == [
        ("set", date(2027, 3, 5)),
        ("due soon", date(2027, 3, 16)),
    ]
    assert needed("modules.catch_up", catch_up, amara)
    complete_catch_up(catch_up=catch_up, words="Done", by=amara, now=NOW)
    assert not needed("modules.catch_up", CatchUp.objects.get(), amara)


def test_a_planned_cohort_can_be_rehearsed_and_others_stay_out_of_it(modules, amara, cohort):
    other = PlaceFactory()
    six_modules(other.cohort)
    cohort.status = "planned"
    cohort.save()

    assert {name for name, *_ in occurrences("modules.feedback", scope=cohort)} == {"Amara Mensah"}
    assert {name for name, *_ in occurrences("modules.feedback")} == {other.person.name}


def test_the_reminder_goes_out_once_and_not_to_those_who_have_acted(modules, amara, cohort, smtp_sink):
    done = PlaceFactory(cohort=cohort)
    paper = ReadingTaskFactory(module=modules[4], due_on=date(2027, 3, 24))
    mark_read(material=paper, place=done, read=True, now=NOW)
    materialise(NOW)

    for days in range(1, 21):
        morning = datetime(2027, 3, 4 + days, 10, tzinfo=UTC)
        materialise(morning)
        tick(morning)
        send_due(morning)

    about_reading = Message.objects.filter(text__icontains="Prepare for module 5")
    assert {message.person for message in about_reading} == {amara}
    assert len(about_reading) == 2  # the Thursdays before each step


def test_the_digest_names_the_days_that_are_coming(modules, amara, rosalind):
    confirm_module(module=modules[4], venue="City Hall, E16 1ZE", by=rosalind, now=NOW)

    start = datetime(2027, 3, 29, tzinfo=UTC)
    assert coming_sessions(amara, start, start + timedelta(days=7)) == [
        (datetime(2027, 3, 30, 8, 30, tzinfo=UTC), "Module 5, day 1, City Hall, E16 1ZE"),
        (datetime(2027, 3, 31, 8, 30, tzinfo=UTC), "Module 5, day 2, City Hall, E16 1ZE"),
    ]


# What graduation asks

SETTINGS = {"percent": 80, "first_and_last": True}


def attend(place, modules, missed=()):
    """Every day but those in `missed`, (module number, day title)."""
    for module in modules:
        for session in module.sessions.all():
            status = "absent" if (module.number, session.title) in missed else "present"
            AttendanceFactory(session=session, place=place, status=status)


def test_ten_of_twelve_days_are_enough_and_nine_are_not(modules, amara_place, cohort):
    attend(amara_place, modules, missed={(2, "Day 1"), (3, "Day 2")})
    assert attendance(amara_place, SETTINGS).done
    assert attendance(amara_place, SETTINGS).text == "Module days: 10 of 12 attended"

    other = PlaceFactory(cohort=cohort)
    attend(other, modules, missed={(2, "Day 1"), (2, "Day 2"), (3, "Day 1")})
    assert not attendance(other, SETTINGS).done


def test_the_first_and_the_last_module_cannot_be_missed_where_the_programme_says_so(modules, amara_place):
    attend(amara_place, modules, missed={(6, "Day 1"), (6, "Day 2")})

    assert not attendance(amara_place, SETTINGS).done
    assert attendance(amara_place, {"percent": 80, "first_and_last": False}).done


def test_an_agreed_adjustment_counts_and_a_cancelled_day_asks_nothing(modules, amara_place):
    attend(amara_place, modules[:5])
    last = modules[5].sessions.get(title="Day 1")
    modules[5].sessions.filter(title="Day 2").update(cancelled_at=NOW)
    AttendanceFactory(session=last, place=amara_place, status="adjusted")

    assert attendance(amara_place, SETTINGS).text == "Module days: 11 of 11 attended"


def test_without_modules_nobody_has_attended_enough(amara_place):
    assert not attendance(amara_place, SETTINGS).done


def test_a_team_that_presented_meets_the_requirement_for_its_members(modules, cohort, amara_place):
    assert team_presentation(amara_place, {}).text == "Team presentation: when teams are formed"
    team = TeamFactory(cohort=cohort, name="Lea", members=[amara_place])
    assert team_presentation(amara_place, {}).text == "Team Lea presents: module 6, 19 May"

    TeamPresentation.objects.create(team=team, presented_on=NOW.date(), recorded_at=NOW, recorded_by="Rosalind Tate")

    assert team_presentation(amara_place, {}) == type(team_presentation(amara_place, {}))(
        done=True, text="Team Lea has presented", url="/my/team/"
    )


# A cohort's figures


def values(facts):
    return {fact.key: fact.value for fact in facts}


def test_a_cohorts_sessions_and_speakers_are_counted(modules, cohort, rosalind):
    for module in modules[:2]:
        book_speaker(session=module.sessions.first(), name="Nadia Rahman", by=rosalind, now=NOW)

    assert values(session_facts(cohort, NOW)) == {"modules": 6, "speakers": 1}


def test_an_evening_on_a_day_of_a_module_is_no_day_more(modules, cohort):
    day = modules[0].sessions.first()
    SessionFactory(module=modules[0], title="Evening with alumni", starts=day.ends + timedelta(hours=1))

    assert session_facts(cohort, NOW)[0].text == "6 modules over 12 days"


def test_attendance_is_a_figure_only_for_a_group_in_which_nobody_stands_out(modules, cohort):
    session = modules[0].sessions.first()
    for n in range(21):
        AttendanceFactory(session=session, place=PlaceFactory(cohort=cohort), status="absent" if n < 2 else "present")
    assert attendance_facts(cohort, NOW) == []

    AttendanceFactory(session=session, place=PlaceFactory(cohort=cohort))
    assert attendance_facts(cohort, NOW)[0].text == "91% of module days were attended"


def test_feedback_is_averaged_from_eight_people_on(modules, cohort):
    for _ in range(8):
        assert feedback_facts(cohort, NOW) == []
        Feedback.objects.create(module=modules[0], place=PlaceFactory(cohort=cohort), given_at=NOW, **ANSWERS)

    assert values(feedback_facts(cohort, NOW))["feedback_worth_the_time"] == 5.0
    assert feedback_facts(cohort, NOW)[2].text == "“I know what I will do differently at work”: 3.0 of 5"


def test_the_challenges_of_confirmed_teams_are_told(cohort, amara_place):
    TeamFactory(cohort=cohort, name="Lea", members=[amara_place])
    TeamFactory(cohort=cohort, name="Fleet", confirmed_at=None, confirmed_by="")

    assert [fact.label for fact in challenge_facts(cohort, NOW)] == ["Challenge teams", "Team Lea"]


# Privacy


def held(person):
    return {
        part.key: list(part.brings.export(person))
        for part in holdings
        if part.key in {"modules.attendance", "modules.feedback", "modules.reading", "modules.team"}
    }


def test_everything_the_year_holds_is_exported_and_words_are_erased(catch_up, modules, amara, amara_place, cohort):
    complete_catch_up(catch_up=catch_up, words="Movements invite.", by=amara, now=NOW)
    give_feedback(module=modules[3], place=amara_place, answers=ANSWERS, comment="More walks.", by=amara, now=NOW)
    mark_read(material=ReadingTaskFactory(module=modules[4]), place=amara_place, read=True, now=NOW)
    log_experiment(
        team=TeamFactory(cohort=cohort, members=[amara_place]), tried_on=NOW.date(), tried="A walk", by=amara, now=NOW
    )

    exported = held(amara)
    assert [len(rows) for rows in exported.values()] == [1, 1, 1, 2]
    assert exported["modules.attendance"][0]["what you took from it"] == "Movements invite."
    assert exported["modules.feedback"][0]["comment"] == "More walks."

    for part in holdings:
        if part.key.startswith("modules.") and part.brings.erase and part.key in exported:
            part.brings.erase(amara, NOW)
    assert (CatchUp.objects.get().words, Feedback.objects.get().comment, Reading.objects.count()) == ("", "", 0)
    assert Experiment.objects.count() == 1


def test_nothing_of_one_person_is_in_anothers_export(catch_up, modules, otto, cohort):
    assert held(otto) == {
        "modules.attendance": [],
        "modules.feedback": [],
        "modules.reading": [],
        "modules.team": [],
    }


# Documents


def test_the_register_badges_and_handbook_are_made(modules, cohort, amara_place, rosalind):
    confirm_module(module=modules[0], venue="Toynbee Hall, E1 6LS", by=rosalind, now=NOW)
    TeamFactory(cohort=cohort, members=[amara_place])
    session = modules[0].sessions.select_related("module", "cohort__programme").first()

    for source in (register(session), badges(cohort), handbook(cohort)):
        assert render(source).startswith(b"%PDF-")


def test_the_handbook_names_no_place_that_is_not_confirmed_and_each_speaker_once(modules, cohort, rosalind):
    said = "A place that may change"
    Module.objects.filter(pk=modules[1].pk).update(venue=said)
    confirm_module(module=modules[4], venue="Toynbee Hall, E1 6LS", by=rosalind, now=NOW)
    for session in modules[4].sessions.all():
        book_speaker(session=session, name="Iqra Samatar", by=rosalind, now=NOW)
    Speaker.objects.update(role_title="Founder of a parents’ network")

    source = handbook(cohort)
    text = render_to_string(source.template, source.context)

    assert (said in text, "place to be confirmed" in text, "5pm, Toynbee Hall, E1 6LS" in text) == (False, True, True)
    assert text.count("Iqra Samatar, founder of a parents’ network") == 1


@pytest.mark.parametrize(
    ("name", "post"),
    [("Ada Lo", "Director"), ("Kieran Doherty-Shaw of Stoke", "Assistant Director, Waste and Street Environment")],
)
def test_a_badge_keeps_its_words_inside_the_cut(cohort, amara_place, name, post):
    Person.objects.filter(pk=amara_place.person_id).update(name=name)
    Place.objects.filter(pk=amara_place.pk).update(role_title=post)
    source = badges(cohort)
    assert ("badge-name long" in render_to_string(source.template, source.context)) is (len(name) > 18)


@pytest.mark.parametrize(
    ("key", "who", "page"),
    [
        ("modules.handbook", "amara", "/my/modules/"),
        ("modules.handbook", "rosalind", "/office/cohorts/cohort/{pk}/change/"),
        ("modules.badges", "rosalind", "/office/cohorts/cohort/{pk}/change/"),
    ],
)
def test_the_page_of_a_document_leads_back_to_where_its_reader_came_from(
    client, cohort, amara_place, request, key, who, page
):
    asked = request_document(key, subject=cohort, now=NOW)
    sign_in(client, request.getfixturevalue(who))

    assert (
        f'<a href="{page.format(pk=cohort.pk)}" class="govuk-back-link">' in client.get(f"/documents/{asked.pk}/").text
    )


def test_the_feed_and_the_invite_call_a_session_the_same(modules, cohort, amara, amara_place, rosalind):
    confirm_module(module=modules[4], venue="Toynbee Hall, E1 6LS", by=rosalind, now=NOW)
    file = Message.objects.filter(kind="modules.invite", person=amara).earliest("pk").attachments.get()
    (invited,) = Calendar.from_ical(bytes(file.content)).walk("VEVENT")
    fed = {str(event["UID"]): event for event in Calendar.from_ical(calendar_of(amara, NOW)).walk("VEVENT")}

    for part in ("SUMMARY", "LOCATION", "URL", "SEQUENCE"):
        assert fed[str(invited["UID"])][part] == invited[part]


def test_the_handbook_is_open_to_the_cohort_and_the_rest_to_the_office(cohort, amara, rosalind, otto):
    from leaders.documents.registry import kinds

    def readers(key):
        return [person.name for person in (amara, rosalind, otto) if kinds[key].brings.visible_to(cohort, person)]

    assert readers("modules.handbook") == ["Amara Mensah", "Rosalind Tate"]
    assert readers("modules.badges") == ["Rosalind Tate"]


def test_attendance_recorded_in_the_office_is_what_graduation_sees(modules, amara_place, adjoa):
    for session in modules[0].sessions.all():
        record_attendance(session=session, place=amara_place, status="remote", by=adjoa, now=NOW)

    assert attendance(amara_place, SETTINGS).text == "Module days: 2 of 12 attended"
