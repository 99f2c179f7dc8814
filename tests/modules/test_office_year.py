"""The office runs the year: venues, registers, catching up, materials, speakers, teams."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from leaders.components.dates import day_month
from leaders.documents.models import Document
from leaders.outbox.mime import as_bytes
from leaders.outbox.models import Message
from leaders.people.audit import AuditEvent
from modules.actions import book_speaker, confirm_module, form_teams, give_feedback, record_attendance
from modules.models import Attendance, CatchUp, Material, Module, Session, Speaker, SystemsChallenge, Team, TeamMember
from modules.today import catch_ups, registers, teams, venues
from tests.browsers import sign_in
from tests.cohorts.factories import NOW, CohortFactory, PlaceFactory, ProgrammeRequirementFactory
from tests.modules.factories import (
    PDF,
    AttendanceFactory,
    ChallengeFactory,
    ModuleFactory,
    ReadingTaskFactory,
    SessionFactory,
    TeamFactory,
    six_modules,
)
from tests.spending import spending

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_march(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def module(cohort):
    """Module 4, on 18 March 2027, two weeks ahead."""
    module = ModuleFactory(cohort=cohort, number=4, venue="")
    SessionFactory(module=module)
    return module


@pytest.fixture
def past_day(cohort):
    """Module 3, day 1, a month ago."""
    return SessionFactory(module=ModuleFactory(cohort=cohort, number=3), starts=NOW - timedelta(days=30))


@pytest.fixture
def office(client, adjoa):
    return sign_in(client, adjoa)


def url(name, *args):
    return reverse(f"admin:modules_{name}", args=args)


# A module's page


def test_confirming_a_venue_names_everybody_before_it_invites_them(office, module, amara):
    page = office.get(url("module_confirm", module.pk), {"venue": "Toynbee Hall, E1 6LS"})
    assert "Amara Mensah" in page.text
    assert not Message.objects.exists()

    office.post(url("module_confirm", module.pk) + "?venue=Toynbee+Hall%2C+E1+6LS", {"confirmed": "yes"})

    module.refresh_from_db()
    assert (module.status, module.venue) == (Module.Status.CONFIRMED, "Toynbee Hall, E1 6LS")
    assert Message.objects.get().person == amara


def test_a_venue_left_blank_is_pointed_out_and_nobody_is_invited(office, module, amara):
    page = office.post(url("module_confirm", module.pk), {"confirmed": "yes"})

    assert "Enter the venue first" in page.text
    assert not Message.objects.exists()


def material(**fields):
    return {"do": "material", **{f"material-{name}": value for name, value in fields.items()}}


def test_a_file_is_added_as_reading_on_the_modules_page(office, module):
    file = SimpleUploadedFile("Reading list.pdf", PDF)

    office.post(
        url("module_run", module.pk), material(title="The movement", file=file, due_on="2027-03-15", minutes="25")
    )

    added = Material.objects.get()
    assert (added.title, added.filename, added.minutes, added.added_by) == (
        "The movement",
        "Reading list.pdf",
        25,
        "Adjoa Mensah",
    )


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"file": SimpleUploadedFile("reading.pdf", b"MZ\x90 a program")}, "its content is something else"),
        ({"file": SimpleUploadedFile("page.html", b"<script>")}, "Choose a PDF, Word"),
        ({"file": SimpleUploadedFile("empty.pdf", b"")}, "empty"),
        ({}, "Choose a file or enter a link, not both"),
        ({"url": "https://example.org", "due_on": "2027-03-15"}, "how many minutes"),
        ({"url": "javascript:alert(1)"}, "Enter a valid URL"),
    ],
)
def test_a_wrong_material_is_explained_and_its_title_kept(office, module, fields, says):
    page = office.post(url("module_run", module.pk), material(title="Typed with care", **fields))

    assert says in page.text
    assert "Typed with care" in page.text
    assert not Material.objects.exists()


def test_a_material_is_removed_after_confirming(office, module):
    paper = ReadingTaskFactory(module=module)

    office.post(url("material_remove", paper.pk), {"confirmed": "yes"})

    assert not Material.objects.exists()


def test_a_speaker_is_booked_on_the_modules_page(office, module):
    day = module.sessions.get()

    office.post(
        url("module_run", module.pk),
        {
            "do": "speaker",
            "speaker-session": day.pk,
            "speaker-name": "Nadia Rahman",
            "speaker-topic": "Who owns London",
        },
    )

    assert [str(talk) for talk in day.talks.all()] == ["Nadia Rahman: Who owns London"]


def test_feedback_shows_averages_and_words_without_names_when_it_has_closed(
    office, adjoa, module, cohort, time_machine
):
    for n in range(8):
        place = PlaceFactory(cohort=cohort, person__name=f"Quiet Person {n}")
        day = module.sessions.get()
        give_feedback(
            module=module,
            place=place,
            answers={"worth_the_time": 5, "new_perspectives": 4, "will_use_it": 3, "took_part_fully": 4},
            comment=f"Comment {n}",
            by=place.person,
            now=day.ends + timedelta(hours=1),
        )
    closes = day.ends + timedelta(days=14)
    time_machine.move_to(closes)
    page = sign_in(office, adjoa).get(url("module_run", module.pk)).text
    assert f"8 answers so far. What they say appears the day after {day_month(closes)}" in page
    assert ("Comment 0" in page, ">5.0<" in page) == (False, False)

    time_machine.move_to(closes + timedelta(days=1))
    page = sign_in(office, adjoa).get(url("module_run", module.pk)).text
    assert ("Comment 0" in page, ">5.0<" in page, "Quiet Person" in page) == (True, True, False)


def test_a_register_a_handbook_and_badges_are_asked_for_and_made_by_the_worker(office, module):
    day = module.sessions.get()
    for kind, data in (("register", {"session": day.pk}), ("badges", {}), ("handbook", {})):
        assert office.post(url("module_paper", module.pk, kind), data).status_code == 302

    assert set(Document.objects.values_list("kind", "state")) == {
        ("modules.register", "requested"),
        ("modules.badges", "requested"),
        ("modules.handbook", "requested"),
    }
    assert office.post(url("module_paper", module.pk, "poster")).status_code == 404


# Moving a module


@pytest.fixture
def two_days(module, amara):
    """Module 4 on 18 and 19 March, confirmed: Amara has both days in her calendar."""
    SessionFactory(module=module, title="Day 2", starts=module.sessions.get().starts + timedelta(days=1))
    confirm_module(module=module, venue="Toynbee Hall, E1 6LS", by=None, now=NOW)
    return module


def days_of(module):
    return [f"{starts:%d %B}" for starts in module.sessions.order_by("starts").values_list("starts", flat=True)]


def test_moving_a_module_says_who_is_told_before_anybody_is(office, two_days):
    page = office.get(url("module_move", two_days.pk), {"first": "2027-03-22"})

    assert page.context["told"] == ["Amara Mensah"]
    assert page.context["lines"] == [
        "Day 1: Monday 22 March 2027, was Thursday 18 March 2027",
        "Day 2: Tuesday 23 March 2027, was Friday 19 March 2027",
    ]
    assert (days_of(two_days), Message.objects.count()) == (["18 March", "19 March"], 2)


def test_a_module_moves_with_all_its_days_and_each_person_hears_once(office, two_days, amara):
    address = url("module_move", two_days.pk) + "?first=2027-03-22"
    seen = office.get(address).context["keep"]["seen"]

    office.post(address, {"confirmed": "yes", "seen": seen})

    assert days_of(two_days) == ["22 March", "23 March"]
    letter = Message.objects.exclude(kind="modules.invite").get()
    assert letter.subject == "Changed: module 4 is now on 22 to 23 March 2027"
    assert "Thursday 18 March 2027, 9:30am to 5pm" in letter.text
    assert [file.filename for file in letter.attachments.order_by("pk")] == ["invite-1.ics", "invite-2.ics"]
    assert set(Session.objects.values_list("sequence", "invites__sequence")) == {(1, 1)}
    # A mail program would take one of two invites for the text, and hide the other: both are files.
    assert as_bytes(letter).count(b"Content-Type: text/calendar") == 2


def test_a_module_that_was_moved_meanwhile_is_looked_at_again(office, two_days):
    address = url("module_move", two_days.pk) + "?first=2027-03-22"

    page = office.post(address, {"confirmed": "yes", "seen": ["2027-01-01"]})

    assert "were moved meanwhile" in page.text
    assert days_of(two_days) == ["18 March", "19 March"]


@pytest.mark.parametrize(
    ("first", "says"),
    [
        ("", "Choose the day"),
        ("2027-02-30", "Choose the day"),
        ("2027-03-18", "begins on Thursday 18 March 2027 already"),
        ("2027-03-26", "Friday 26 March 2027, which is not a working day"),
        ("2027-03-01", "still to come"),
    ],
)
def test_a_day_to_which_a_module_cannot_move_is_explained(office, two_days, first, says):
    page = office.get(url("module_move", two_days.pk), {"first": first})

    assert (says in page.text, page.context["button"]) == (True, "")


def test_a_module_that_would_overtake_another_is_pointed_out(office, two_days, cohort):
    SessionFactory(module=ModuleFactory(cohort=cohort, number=5), starts=NOW + timedelta(days=60))

    page = office.get(url("module_move", two_days.pk), {"first": "2027-05-10"})

    assert "It would begin after module 5, which begins on Monday 3 May 2027." in page.text


# Sessions


def session_form(session, **changes):
    starts, ends = session.starts, session.ends
    words = {
        "title": session.title,
        "starts_0": f"{starts:%Y-%m-%d}",
        "starts_1": f"{starts:%H:%M:%S}",
        "ends_0": f"{ends:%Y-%m-%d}",
        "ends_1": f"{ends:%H:%M:%S}",
        "place": "",
        "online_link": "",
        "talks-TOTAL_FORMS": "0",
        "talks-INITIAL_FORMS": "0",
    }
    return {**words, **changes}


def test_a_session_moved_in_the_office_reaches_everybodys_calendar(office, module, amara):
    confirm_module(module=module, venue="Toynbee Hall, E1 6LS", by=None, now=NOW)
    day = module.sessions.get()

    typed = session_form(day, starts_0="2027-03-17", ends_0="2027-03-17")
    page = office.post(url("session_change", day.pk), typed)

    day.refresh_from_db()
    assert (page.context["told"], day.sequence, Message.objects.count()) == (["Amara Mensah"], 0, 1)
    assert page.context["keep"]["starts_0"] == ["2027-03-17"]

    office.post(url("session_change", day.pk), {**typed, "confirmed": "yes"})

    day.refresh_from_db()
    assert (day.sequence, day.starts.date()) == (1, date(2027, 3, 17))
    assert "is now on Wednesday 17 March 2027" in Message.objects.filter(person=amara).latest("pk").subject
    assert AuditEvent.objects.filter(subject_type="modules.session").count() == 1


def test_going_back_from_who_is_told_keeps_what_was_typed_and_saves_nothing(office, module, amara):
    confirm_module(module=module, venue="Toynbee Hall, E1 6LS", by=None, now=NOW)
    day = module.sessions.get()

    typed = session_form(day, starts_0="2027-03-17", ends_0="2027-03-17", confirmed="yes", back="yes")
    page = office.post(url("session_change", day.pk), typed)

    day.refresh_from_db()
    assert ("Nothing is saved yet" in page.text, 'value="2027-03-17"' in page.text, day.sequence) == (True, True, 0)


def test_what_nobody_hears_of_is_saved_at_once(office, module, amara):
    confirm_module(module=module, venue="Toynbee Hall, E1 6LS", by=None, now=NOW)
    day = module.sessions.get()

    office.post(url("session_change", day.pk), session_form(day, title="Day 1, in the field"))

    assert (Session.objects.get().title, Message.objects.count()) == ("Day 1, in the field", 1)


def test_a_day_that_would_pass_another_of_its_module_is_pointed_out(office, module):
    day = module.sessions.get()
    SessionFactory(module=module, title="Day 2", starts=day.starts + timedelta(days=1))
    typed = session_form(day, starts_0="2027-03-23", ends_0="2027-03-23")

    page = office.post(url("session_change", day.pk), typed)

    assert "Day 1 would then be after day 2, which is on Friday 19 March 2027." in page.text
    day.refresh_from_db()
    assert day.starts.date() == date(2027, 3, 18)
    office.post(url("session_change", day.pk), {**typed, "confirmed": "yes"})
    day.refresh_from_db()
    assert day.starts.date() == date(2027, 3, 23)


def test_a_session_that_would_end_before_it_starts_is_explained(office, module):
    day = module.sessions.get()

    page = office.post(url("session_change", day.pk), session_form(day, ends_0="2027-03-17"))

    assert "The session must end after it starts." in page.text


def test_a_day_before_which_onboarding_is_not_over_is_explained(office, module):
    day = module.sessions.get()

    page = office.post(url("session_change", day.pk), session_form(day, starts_0="2026-08-17", ends_0="2026-08-17"))

    assert "Cohort 7 would begin on Monday 17 August 2026." in page.text


def test_a_session_with_a_register_does_not_move(office, past_day, amara_place):
    AttendanceFactory(session=past_day, place=amara_place)

    page = office.post(url("session_change", past_day.pk), session_form(past_day, starts_1="08:00:00"))

    assert "Its attendance is recorded already" in page.text


def test_a_development_session_is_added_for_a_cohort(office, cohort, amara):
    blank = Session(title="Reading the money", starts=NOW + timedelta(days=9), ends=NOW + timedelta(days=9, hours=2))

    typed = session_form(blank, cohort=cohort.pk, module="")
    page = office.post(url("session_add"), typed)
    assert (page.context["told"], Session.objects.exists(), Message.objects.exists()) == ([amara.name], False, False)
    office.post(url("session_add"), {**typed, "confirmed": "yes"})

    session = Session.objects.get()
    assert (session.kind, session.cohort) == (Session.Kind.DEVELOPMENT, cohort)
    assert Message.objects.get().kind == "modules.invite"


def test_cancelling_a_session_needs_a_reason(office, module, amara):
    day = module.sessions.get()
    assert "Give a reason" in office.post(url("session_cancel", day.pk), {"confirmed": "yes"}).text

    office.post(url("session_cancel", day.pk), {"confirmed": "yes", "reason": "Flood"})

    day.refresh_from_db()
    assert day.cancelled_at is not None


# The register


def test_the_register_takes_everybody_in_one_post(office, past_day, amara_place, cohort):
    tom = PlaceFactory(cohort=cohort, person__name="Tom Brook")

    office.post(
        url("session_register", past_day.pk), {f"place-{amara_place.pk}": "present", f"place-{tom.pk}": "adjusted"}
    )

    assert dict(past_day.attendance.values_list("place__person__name", "status")) == {
        "Amara Mensah": "present",
        "Tom Brook": "adjusted",
    }


def test_everybody_without_a_mark_is_filled_in_as_present_and_nothing_is_saved(office, past_day, amara_place, cohort):
    tom = PlaceFactory(cohort=cohort, person__name="Tom Brook")

    page = office.post(url("session_register", past_day.pk), {"everybody": "yes", f"place-{tom.pk}": "absent"})

    assert {line["place"]: line["status"] for line in page.context["lines"]} == {amara_place: "present", tom: "absent"}
    assert ("Nothing is saved yet" in page.text, Attendance.objects.exists()) == (True, False)


def test_lists_of_modules_and_sessions_lead_to_their_pages_by_title(office, module):
    modules = office.get(url("module_changelist")).text
    assert f'<a href="{url("module_run", module.pk)}">Leading in Communities</a>' in modules
    assert "Module 4, day 1: Leading in Communities" in office.get(url("session_changelist")).text


def test_lines_without_a_mark_stay_as_they_are(office, past_day, amara_place):
    AttendanceFactory(session=past_day, place=amara_place, status="remote")

    office.post(url("session_register", past_day.pk), {})

    assert Attendance.objects.get().status == "remote"


def test_a_stale_register_undoes_no_mark_made_at_the_door(office, past_day, amara_place, cohort, adjoa):
    tom = PlaceFactory(cohort=cohort, person__name="Tom Brook")
    AttendanceFactory(session=past_day, place=amara_place, status="absent")
    stale = {f"place-{amara_place.pk}": "absent", f"seen-{amara_place.pk}": "absent", f"seen-{tom.pk}": ""}
    record_attendance(session=past_day, place=amara_place, status="present", by=adjoa, now=NOW)

    office.post(url("session_register", past_day.pk), {**stale, f"place-{tom.pk}": "present"})

    marks = dict(past_day.attendance.values_list("place", "status"))
    assert marks == {amara_place.pk: "present", tom.pk: "present"}


def test_two_who_mark_the_same_person_otherwise_are_told_before_anything_is_written(
    office, past_day, amara_place, adjoa
):
    record_attendance(session=past_day, place=amara_place, status="present", by=adjoa, now=NOW)
    mine = {f"place-{amara_place.pk}": "absent", f"seen-{amara_place.pk}": ""}

    page = office.post(url("session_register", past_day.pk), mine)

    assert "Marked meanwhile by somebody else: Amara Mensah (present)." in page.text
    assert [(line["status"], line["seen"]) for line in page.context["lines"]] == [("absent", "present")]
    assert past_day.attendance.get().status == "present"
    office.post(url("session_register", past_day.pk), {**mine, f"seen-{amara_place.pk}": "present"})
    assert past_day.attendance.get().status == "absent"


def test_an_absence_leads_to_catching_up(office, past_day, amara_place):
    response = office.post(url("session_register", past_day.pk), {f"place-{amara_place.pk}": "absent"})
    assert response.url == url("session_catch_up", past_day.pk)

    office.post(response.url, {"task": "Watch the recording", "minutes": "40", "due_on": "2027-03-25"})

    assert CatchUp.objects.get().attendance.place == amara_place


def test_a_catch_up_date_in_the_past_is_refused_with_the_task_kept(office, past_day, amara_place):
    AttendanceFactory(session=past_day, place=amara_place, status="absent")

    page = office.post(
        url("session_catch_up", past_day.pk), {"task": "Watch the recording", "minutes": "40", "due_on": "2027-03-01"}
    )

    assert "must be in the future" in page.text
    assert "Watch the recording" in page.text


def test_a_register_before_its_day_keeps_the_marks_and_says_when(office, module, amara_place):
    day = module.sessions.get()

    page = office.post(url("session_register", day.pk), {f"place-{amara_place.pk}": "present"})

    assert page.status_code == 409
    assert "from the day itself, Thursday 18 March 2027" in page.text
    assert re.search(rf'name="place-{amara_place.pk}" value="present" checked', page.text)


def test_at_the_door_one_tap_checks_somebody_in(office, past_day, amara_place):
    office.post(url("session_check_in", past_day.pk), {"place": amara_place.pk})

    page = office.get(url("session_check_in", past_day.pk))
    assert (page.context["waiting"], page.context["here"]) == ([], [amara_place])


def test_the_register_costs_the_same_for_three_people_and_for_thirty(office, past_day, cohort):
    for _ in range(3):
        PlaceFactory(cohort=cohort)
    office.get(url("session_register", past_day.pk))
    with spending() as three:
        office.get(url("session_register", past_day.pk))
    for _ in range(27):
        PlaceFactory(cohort=cohort)
    with spending() as thirty:
        office.get(url("session_register", past_day.pk))

    assert thirty.queries == three.queries


# Teams


@pytest.fixture
def twelve(cohort):
    return [PlaceFactory(cohort=cohort, person__name=f"Person {n:02}") for n in range(12)]


def test_teams_are_proposed_kept_moved_and_confirmed_on_one_board(office, cohort, twelve):
    ChallengeFactory(cohort=cohort, title="Retrofit")
    board = url("team_board", cohort.pk)
    assert "12 people" in office.get(board).text

    office.post(board, {"do": "propose"})
    lea, fleet = Team.objects.order_by("pk")
    member = lea.members.first()
    office.post(board, {"do": "lock", "member": member.pk, "locked": "yes"})
    office.post(board, {"do": "lock", "member": member.pk, "locked": "yes"})  # pressed twice
    assert TeamMember.objects.get(pk=member.pk).locked
    other = lea.members.exclude(pk=member.pk).first()
    office.post(board, {"do": "move", "place": other.place_id, "team": fleet.pk})
    assert TeamMember.objects.get(pk=other.pk).team == fleet

    page = office.get(url("team_board_confirm", cohort.pk))
    assert "Person 00" in page.text
    office.post(url("team_board_confirm", cohort.pk), {"confirmed": "yes"})

    assert Team.objects.confirmed().count() == 2
    assert Message.objects.filter(kind="modules.team").count() == 12


def test_a_move_into_a_confirmed_team_says_who_is_told_and_asks(office, cohort, twelve):
    fleet = TeamFactory(cohort=cohort, name="Fleet", members=twelve[:2])
    board = url("team_board", cohort.pk)
    move = {"do": "move", "place": twelve[4].pk, "team": fleet.pk}

    page = office.post(board, move)

    assert (page.context["told"], Message.objects.exists()) == (["Person 04"], False)
    assert "Person 00, Person 01" in page.text
    office.post(board, {**move, "confirmed": "yes"})
    assert TeamMember.objects.get(place=twelve[4]).team == fleet
    assert Message.objects.get().subject == "You are in Team Fleet"


def test_a_confirmed_teams_presentation_is_recorded_and_its_challenge_changed(office, cohort):
    team, other = TeamFactory(cohort=cohort), TeamFactory(cohort=cohort)
    board = url("team_board", cohort.pk)

    office.post(board, {"do": "presented", "team": team.pk})
    office.post(board, {"do": "challenge", "team": team.pk, "challenge": other.challenge_id})

    assert Team.objects.get(pk=team.pk).presentation.presented_on == date(2027, 3, 4)
    assert Team.objects.get(pk=team.pk).challenge == other.challenge


def test_what_cannot_be_done_on_the_board_is_said(office, cohort):
    page = office.post(url("team_board", cohort.pk), {"do": "propose"}, follow=True)

    assert "too few people" in page.text


def test_a_team_of_another_cohort_is_not_on_this_board(office, cohort, amara_place):
    response = office.post(
        url("team_board", cohort.pk), {"do": "move", "place": amara_place.pk, "team": TeamFactory().pk}
    )

    assert response.status_code == 404


def test_a_challenge_is_put_before_a_cohort_in_the_office(office, cohort):
    office.post(
        url("systemschallenge_add"),
        {"cohort": cohort.pk, "title": "Retrofit", "question": "How?", "background": "", "problem_owner": ""},
    )

    assert SystemsChallenge.objects.get().title == "Retrofit"
    assert AuditEvent.objects.filter(action="modules.systemschallenge.added").count() == 1


def test_speakers_are_imported_with_a_dry_run(office):
    sheet = SimpleUploadedFile("speakers.csv", b"name,role_title,bio\nNadia Rahman,Economist,Writes about cities\n")

    preview = office.post(url("speaker_import"), {"import_file": sheet, "format": "0", "resource": "0"})
    assert "Nadia Rahman" in preview.text
    assert not Speaker.objects.exists()

    data = {
        name: preview.context["confirm_form"][name].value() or "" for name in preview.context["confirm_form"].fields
    }
    office.post(url("speaker_process_import"), data)
    assert [str(speaker) for speaker in Speaker.objects.all()] == ["Nadia Rahman"]
    assert (
        AuditEvent.objects.get(action="modules.speaker.imported").sentence == "Speakers were imported: 1 new, 0 changed"
    )


def test_a_speaker_taken_off_a_session_leaves_a_trace(office, module, rosalind):
    day = module.sessions.get()
    talk = book_speaker(session=day, name="Nadia Rahman", by=None, now=NOW)
    row = {"id": talk.pk, "session": day.pk, "speaker": talk.speaker_id, "topic": "", "order": 1, "DELETE": "on"}
    sign_in(office, rosalind)
    talks = {f"talks-0-{name}": value for name, value in row.items()}

    office.post(url("session_change", day.pk), session_form(day, **talks, **{
        "talks-TOTAL_FORMS": "1", "talks-INITIAL_FORMS": "1",
    }))  # fmt: skip

    assert not day.talks.exists()
    assert AuditEvent.objects.get(action="modules.talk.deleted").sentence.startswith("Rosalind Tate deleted talk")


@pytest.mark.parametrize("name", ["module", "session", "material", "systemschallenge", "team"])
def test_a_list_and_its_form_cost_the_same_however_many_cohorts_there_are(office, cohort, module, name):
    ReadingTaskFactory(module=module)
    TeamFactory(cohort=cohort)
    pages = [url(f"{name}_changelist"), *([url(f"{name}_add")] if name not in {"material", "team"} else [])]

    def spent():
        with spending() as found:
            for page in pages:
                assert office.get(page).status_code == 200
        return found.queries

    spent()
    one = spent()
    for number in range(20):
        ModuleFactory(cohort=CohortFactory(programme=cohort.programme, number=100 + number), number=1)
    assert spent() == one


# Who may enter


def office_pages(cohort, module, day, paper):
    names = ("module", "session", "speaker", "material", "systemschallenge", "team")
    return [
        *(url(f"{name}_changelist") for name in names),
        url("module_add"),
        url("module_change", module.pk),
        url("module_run", module.pk),
        url("module_confirm", module.pk),
        url("session_add"),
        url("session_change", day.pk),
        url("session_register", day.pk),
        url("session_check_in", day.pk),
        url("session_catch_up", day.pk),
        url("session_cancel", day.pk),
        url("material_remove", paper.pk),
        url("team_boards"),
        url("team_board", cohort.pk),
        url("team_board_confirm", cohort.pk),
        url("speaker_import"),
    ]


@pytest.fixture
def pages(cohort, module, past_day):
    return office_pages(cohort, module, past_day, ReadingTaskFactory(module=module))


@pytest.mark.parametrize("name", ["rosalind", "adjoa"])
def test_every_page_opens_for_the_office(client, pages, request, name):
    sign_in(client, request.getfixturevalue(name))

    assert [page for page in pages if client.get(page).status_code != 200] == []


@pytest.mark.parametrize("name", ["otto", "amara", "priya", "joanne"])
def test_no_page_opens_for_anybody_else(client, pages, request, name):
    sign_in(client, request.getfixturevalue(name))

    assert {client.get(page).status_code for page in pages} == {302}


def test_no_page_opens_for_a_visitor_and_no_post_does_anything(client, pages, past_day, amara_place, cohort):
    assert {client.get(page).status_code for page in pages} == {302}
    client.post(url("session_register", past_day.pk), {f"place-{amara_place.pk}": "present"})
    client.post(url("team_board", cohort.pk), {"do": "propose"})

    assert not Attendance.objects.exists()


# Today


def test_today_asks_for_a_venue_while_there_is_time(rosalind, module, amara):
    need = venues(rosalind, NOW)[0]

    assert (need.sentence, need.late, need.detail) == (
        "Module 4 has no confirmed venue",
        True,
        "Cohort 7 runs 18 March, one person",
    )
    assert venues(rosalind, NOW - timedelta(weeks=12)) == []
    assert venues(rosalind, NOW - timedelta(weeks=6))[0].late is False


def test_today_asks_for_registers_until_they_are_written(rosalind, past_day, amara_place):
    assert [(need.sentence, need.late) for need in registers(rosalind, NOW)] == [
        ("Attendance at module 3, day 1 is not recorded", True)
    ]
    AttendanceFactory(session=past_day, place=amara_place)
    assert registers(rosalind, NOW) == []


def test_today_asks_for_catch_up_tasks(rosalind, past_day, amara_place):
    AttendanceFactory(session=past_day, place=amara_place, status="absent")

    assert [(need.sentence, need.count) for need in catch_ups(rosalind, NOW)] == [
        ("1 person missed module 3, day 1", 1)
    ]


def test_today_asks_for_teams_from_the_first_module_on(rosalind, cohort, past_day, amara_place):
    ProgrammeRequirementFactory(programme=cohort.programme, key="team_presentation")

    assert [need.sentence for need in teams(rosalind, NOW)] == ["Cohort 7 has no teams yet"]
    assert teams(rosalind, NOW - timedelta(days=60)) == []
    TeamFactory(cohort=cohort, members=[amara_place])
    assert teams(rosalind, NOW) == []


def test_today_says_nothing_of_cohorts_that_are_not_live(rosalind):
    cohort = CohortFactory(status="planned")
    six_modules(cohort)
    PlaceFactory(cohort=cohort)

    assert [*venues(rosalind, NOW), *registers(rosalind, NOW), *catch_ups(rosalind, NOW), *teams(rosalind, NOW)] == []


def test_today_costs_the_same_with_one_cohort_and_with_thirty_that_need_nothing(
    rosalind, cohort, past_day, amara_place
):
    AttendanceFactory(session=past_day, place=amara_place)

    def cost():
        with spending() as spent:
            for need in (venues, registers, catch_ups, teams):
                need(rosalind, NOW)
        return spent

    alone = cost()
    for _ in range(29):
        AttendanceFactory(session__starts=past_day.starts)
    assert cost() == alone


def test_proposing_teams_is_kept_in_the_trail(rosalind, cohort, twelve):
    form_teams(cohort=cohort, by=rosalind, now=NOW)

    assert AuditEvent.objects.first().sentence.startswith(
        "Teams were proposed for London Leadership Programme, Cohort 7."
    )
