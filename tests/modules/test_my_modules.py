"""The participant's modules: pages, the home's sections, and who else may look."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from cohorts.models import Place
from leaders.home.gather import home, tasks
from leaders.people.models import Person
from modules.actions import (
    add_material,
    add_session,
    book_speaker,
    confirm_module,
    give_feedback,
    mark_read,
    set_catch_up,
)
from modules.models import CatchUp, Feedback, Reading
from modules.sections.year import between_modules
from modules.year import my_year, year_of
from tests.browsers import sign_in
from tests.cohorts.factories import NOW, PlaceFactory
from tests.modules.factories import PDF, AttendanceFactory, ReadingTaskFactory, six_modules
from tests.spending import Spent, spending

pytestmark = pytest.mark.django_db

ANSWERS = {"worth_the_time": 5, "new_perspectives": 4, "will_use_it": 3, "took_part_fully": 5}


@pytest.fixture(autouse=True)
def _in_march(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def modules(cohort):
    """Six modules, seven weeks apart: four are over at NOW, the fifth is next."""
    return six_modules(cohort, weeks=7)


@pytest.fixture
def next_module(modules):
    """Module 5, from Tuesday 30 March 2027."""
    return modules[4]


@pytest.fixture
def signed_in(client, amara):
    client.force_login(amara)
    return client


def attend(place, module, *statuses):
    for session, status in zip(module.sessions.order_by("starts"), statuses, strict=True):
        AttendanceFactory(session=session, place=place, status=status)


def again(person):
    """The person as the next request meets them."""
    return Person.objects.get(pk=person.pk)


# The pages


def test_a_participant_sees_all_modules_with_how_each_went(signed_in, amara_place, modules):
    attend(amara_place, modules[0], "present", "present")
    attend(amara_place, modules[1], "present", "absent")

    page = signed_in.get(reverse("my_modules"))

    shown = [(item["label"], item["tag"]) for item in page.context["modules"]]
    assert shown == [
        ("1. Leading in the System", "Attended"),
        ("2. Working in a Political Environment", "1 of 2 days"),
        ("3. Addressing Inequality", ""),
        ("4. Leading in Communities", ""),
        ("5. Future of London", "In 4 weeks"),
        ("6. Self in the System", ""),
    ]
    assert "3 of 12 attended" in page.text


def test_a_module_shows_its_days_speakers_reading_and_materials(signed_in, next_module, rosalind):
    confirm_module(module=next_module, venue="City Hall, E16 1ZE", by=rosalind, now=NOW)
    day = next_module.sessions.first()
    book_speaker(
        session=day, name="Nadia Rahman", role_title="Economist", topic="Who owns London", by=rosalind, now=NOW
    )
    ReadingTaskFactory(module=next_module, title="The shape of the city", due_on=date(2027, 3, 24))
    add_material(module=next_module, title="Map", file=ContentFile(PDF, "map.pdf"), by=rosalind, now=NOW)

    page = signed_in.get(next_module.get_absolute_url()).text

    for text in (
        "Future of London",
        "Tuesday 30 March, 9:30am to 5pm",
        "City Hall, E16 1ZE",
        "Nadia Rahman",
        "Who owns London",
        "The shape of the city",
        "Read by 24 March",
        "Map",
    ):
        assert text in page


def test_a_module_that_the_cohort_does_not_have_is_not_found(signed_in, modules):
    assert signed_in.get(reverse("my_module", args=[7])).status_code == 404


def test_reading_is_ticked_and_the_tick_taken_back(signed_in, amara_place, next_module):
    paper = ReadingTaskFactory(module=next_module)
    url = reverse("my_reading", args=[paper.pk])

    assert signed_in.post(url, {"read": "yes"}).url == f"{next_module.get_absolute_url()}#reading"
    assert Reading.objects.get().place == amara_place
    signed_in.post(url, {"read": "no"})
    assert not Reading.objects.exists()
    assert signed_in.get(url).status_code == 405


def test_a_file_comes_as_a_download_under_its_own_name(signed_in, next_module, rosalind):
    notes = add_material(module=next_module, title="Notes", file=ContentFile(PDF, "Notes é.pdf"), by=rosalind, now=NOW)

    response = signed_in.get(notes.get_absolute_url())

    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Notes%20%C3%A9.pdf"
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("application/pdf", "nosniff")


def test_feedback_is_asked_for_two_months_and_not_taken_afterwards(signed_in, modules, amara_place):
    page = signed_in.get(reverse("my_feedback", args=[1]))

    assert (page.status_code, "We asked about module 1 for two months" in page.text) == (409, True)
    assert reverse("my_feedback", args=[1]) not in signed_in.get(reverse("my_module", args=[1])).text


def test_feedback_is_given_on_its_page_and_shown_as_given(signed_in, modules, amara_place):
    url = reverse("my_feedback", args=[4])

    assert signed_in.post(url, {**ANSWERS, "comment": "More time in teams."}).url == reverse("my_module", args=[4])
    assert Feedback.objects.get().comment == "More time in teams."
    assert "You told us how it went on 4 March" in signed_in.get(reverse("my_module", args=[4])).text


def test_feedback_missing_an_answer_says_which_and_keeps_the_words(signed_in, modules):
    page = signed_in.post(reverse("my_feedback", args=[4]), {**ANSWERS, "will_use_it": "", "comment": "Kept"})

    assert page.context["form"].errors == {
        "will_use_it": ["Say how far this is true: “I know what I will do differently at work”"]
    }
    assert "<title>Error: How did module 4 go?" in page.text
    assert "Kept" in page.text


def test_a_comment_that_is_far_too_long_comes_back_whole(signed_in, modules):
    words = "word " * 5000

    page = signed_in.post(reverse("my_feedback", args=[4]), {**ANSWERS, "comment": words})

    assert "must be 200 words or fewer; there are 5000" in page.text
    assert page.text.count("word word word") > 1
    assert not Feedback.objects.exists()


def test_feedback_before_the_end_of_a_module_gets_a_kind_page(signed_in, next_module):
    page = signed_in.post(reverse("my_feedback", args=[5]), ANSWERS)

    assert page.status_code == 409
    assert "when its last day is over" in page.text


@pytest.fixture
def catch_up(modules, amara_place, adjoa):
    missed = AttendanceFactory(session=modules[3].sessions.first(), place=amara_place, status="absent")
    return set_catch_up(
        attendance=missed, task="Watch the recording", minutes=40, due_on=date(2027, 3, 19), by=adjoa, now=NOW
    )


def test_catching_up_is_told_in_a_few_words(signed_in, catch_up, modules):
    url = reverse("my_catch_up", args=[catch_up.pk])
    assert "Watch the recording" in signed_in.get(url).text

    assert signed_in.post(url, {"words": "Movements are built by invitation."}).url == modules[3].get_absolute_url()

    assert CatchUp.objects.get().words == "Movements are built by invitation."
    assert "You caught up on 4 March" in signed_in.get(url).text


def test_catching_up_twice_keeps_the_first_words(signed_in, catch_up):
    url = reverse("my_catch_up", args=[catch_up.pk])
    for words in ("First.", "Second."):
        signed_in.post(url, {"words": words})

    assert CatchUp.objects.get().words == "First."


# Who else may look


def pages_of(module, material, catch_up):
    return [
        reverse("my_modules"),
        module.get_absolute_url(),
        reverse("my_feedback", args=[1]),
        reverse("material", args=[material.pk]),
        reverse("my_catch_up", args=[catch_up.pk]),
        reverse("my_people"),
        reverse("my_team"),
        reverse("my_choices"),
    ]


@pytest.fixture
def pages(modules, catch_up, rosalind):
    file = add_material(module=modules[0], title="Notes", file=ContentFile(PDF, "notes.pdf"), by=rosalind, now=NOW)
    return pages_of(modules[0], file, catch_up)


def test_a_visitor_is_asked_to_sign_in_on_every_page(client, pages):
    for page in pages:
        response = client.get(page)
        assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))


def test_an_outsider_finds_none_of_the_pages(client, pages, otto):
    client.force_login(otto)

    assert [client.get(page).status_code for page in pages] == [404] * len(pages)


def test_a_participant_of_another_cohort_finds_no_file_and_no_catch_up_task_of_this_one(client, pages, modules):
    place = PlaceFactory()
    six_modules(place.cohort)
    client.force_login(place.person)

    file, task = pages[3], pages[4]
    assert [client.get(file).status_code, client.get(task).status_code] == [404, 404]
    paper = ReadingTaskFactory(module=modules[0])
    assert client.post(reverse("my_reading", args=[paper.pk]), {"read": "yes"}).status_code == 404
    assert not Reading.objects.exists()


def test_a_participant_of_the_same_cohort_finds_no_catch_up_task_of_anothers(client, pages, cohort):
    client.force_login(PlaceFactory(cohort=cohort).person)

    assert client.get(pages[4]).status_code == 404


def test_the_office_opens_a_file_without_having_a_place(client, pages, rosalind):
    sign_in(client, rosalind)

    assert client.get(pages[3]).status_code == 200


# The home


def test_the_home_shows_the_year_as_a_river_with_the_next_module(amara, amara_place, modules):
    attend(amara_place, modules[0], "present", "remote")
    attend(amara_place, modules[1], "absent", "absent")

    drawn = {section.key: section.html for section in home(amara, NOW).before}["year"]

    assert "Your year: 4 of 6 crossed" in drawn
    assert drawn.count("Attended") == 1
    assert "Missed" in drawn
    assert "In 4 weeks" in drawn


def test_the_home_asks_for_reading_feedback_and_catching_up_in_the_order_they_are_due(
    amara, amara_place, modules, next_module, catch_up
):
    ReadingTaskFactory(module=next_module, due_on=date(2027, 3, 24), minutes=30)
    read = ReadingTaskFactory(module=next_module, due_on=date(2027, 3, 20), minutes=10)
    mark_read(material=read, place=amara_place, read=True, now=NOW)
    gathered = home(amara, NOW)

    ours = [(todo.title, todo.due, todo.minutes) for todo in (gathered.next, *gathered.later) if "module" in todo.title]
    assert ours == [
        ("Catch up on module 4", date(2027, 3, 19), 40),
        ("Prepare for module 5", date(2027, 3, 24), 30),
        ("Tell us how module 4 went", None, 2),
    ]


def test_the_home_keeps_what_was_done(amara, amara_place, modules, next_module):
    read = ReadingTaskFactory(module=next_module)
    mark_read(material=read, place=amara_place, read=True, now=NOW)
    give_feedback(module=modules[3], place=amara_place, answers=ANSWERS, comment="", by=amara, now=NOW)

    gathered = home(amara, NOW)

    assert {(todo.title, todo.done_on) for todo in gathered.done if "module" in todo.title} >= {
        ("Prepare for module 5", date(2027, 3, 4)),
        ("Tell us how module 4 went", date(2027, 3, 4)),
    }


def test_somebody_who_missed_a_module_is_not_asked_how_it_went(amara, amara_place, modules):
    attend(amara_place, modules[3], "absent", "absent")

    gathered = home(amara, NOW)

    assert "Tell us how module 4 went" not in {todo.title for todo in gathered.later}


def test_dates_of_modules_and_sessions_are_those_of_the_invites(amara, cohort, next_module, rosalind):
    talk = add_session(
        cohort=cohort, title="Reading the money", starts=NOW + timedelta(days=2), ends=NOW + timedelta(days=2, hours=1),
        online_link="https://example.org/meet", by=rosalind, now=NOW,
    )  # fmt: skip

    coming = [(entry.uid, entry.title, entry.place) for entry in home(amara, NOW).dates]

    day_1, day_2 = next_module.sessions.all()
    assert coming[:3] == [
        (str(talk.uid), "Reading the money", "Online"),
        (str(day_1.uid), "Module 5, day 1: Future of London", "Toynbee Hall, E1"),
        (str(day_2.uid), "Module 5, day 2: Future of London", "Toynbee Hall, E1"),
    ]


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (NOW - timedelta(days=365), ""),
        (NOW, "Between modules 4 and 5."),
        (datetime(2027, 3, 30, 12, tzinfo=UTC), "Module 5 is under way."),
        (datetime(2027, 7, 1, 12, tzinfo=UTC), ""),
    ],
)
def test_the_greeting_says_between_which_modules_we_are(amara, modules, now, says):
    assert between_modules(amara, now) == (says or None)


def test_before_the_start_the_whole_river_lies_ahead(amara, modules):
    drawn = {section.key: section.html for section in home(amara, NOW - timedelta(days=365)).before}["year"]

    assert "Your year<" in drawn
    assert drawn.count('class="isnext"') == 1


def test_a_graduate_sees_no_river(amara, amara_place, modules):
    amara_place.status, amara_place.graduated_at = Place.Status.GRADUATED, NOW
    amara_place.save()

    assert "year" not in {section.key for section in home(again(amara), NOW).before}


def test_a_graduate_is_not_asked_to_catch_up_any_more(client, amara, amara_place, catch_up, modules):
    Place.objects.update(status="graduated", graduated_at=NOW)
    late = NOW + timedelta(days=396)

    titles = {todo.title for todos in tasks(again(amara), late) for todo in todos}
    assert "Catch up on module 4" not in titles
    client.force_login(again(amara))
    shown = client.get(modules[3].get_absolute_url()).text
    assert ("You missed" in shown, "Catch up" in client.get(reverse("my_modules")).text) == (False, False)

    CatchUp.objects.update(done_at=NOW)
    assert "Catch up on module 4" in {todo.title for todo in tasks(again(amara), late)[1]}


def test_a_task_that_ends_in_a_full_stop_has_one(signed_in, catch_up, modules):
    CatchUp.objects.update(task="Watch the recording.")
    shown = signed_in.get(modules[3].get_absolute_url()).text
    assert "Watch the recording. About 40 minutes, by 19 March." in shown


def test_the_office_and_outsiders_have_no_year(rosalind, otto):
    assert (my_year(rosalind, NOW), my_year(otto, NOW)) == (None, None)


def test_a_module_with_a_cancelled_day_has_one_day_less(amara_place, modules):
    modules[0].sessions.filter(title="Day 2").update(cancelled_at=NOW)

    assert (year_of(amara_place).days, len(year_of(amara_place).module(1).days)) == (11, 1)


# What it costs


def other_cohorts(count):
    for _ in range(count):
        place = PlaceFactory()
        for module in six_modules(place.cohort):
            ReadingTaskFactory(module=module)
            attend(place, module, "present", "absent")


@pytest.mark.parametrize("name", ["my_modules", "my_home"])
def test_a_page_costs_the_same_with_one_cohort_and_with_thirty(client, amara, amara_place, modules, name):
    for module in modules:
        ReadingTaskFactory(module=module)
    attend(amara_place, modules[0], "present", "present")
    client.force_login(amara)
    client.get(reverse(name))

    with spending() as alone:
        client.get(reverse(name))
    other_cohorts(29)
    with spending() as among_thirty:
        client.get(reverse(name))

    assert among_thirty == alone
    assert alone.queries <= {"my_modules": 15, "my_home": 40}[name]


def test_a_year_takes_six_queries_and_only_its_own_rows(amara_place, modules):
    for module in modules:
        ReadingTaskFactory(module=module)
    attend(amara_place, modules[0], "present", "present")
    place = Place.objects.select_related("cohort").get(pk=amara_place.pk)

    with spending() as spent:
        year_of(place)
        year_of(place)

    # 6 modules, 12 days, 2 attended, 6 to read.
    assert spent == Spent(queries=6, rows=26)
