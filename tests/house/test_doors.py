"""Every address of the house, tried by everybody: who is let in, who is asked to sign in, who finds nothing there.

DOORS has a row for each named URL outside the office; OFFICE one for each screen of the office that is not simply
open to the administrator and the director. A URL without a row fails, and so does a row without a URL.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse

from modules.actions.contract import SIGNING as CONTRACT
from nominations import links
from tests.browsers import sign_in
from tests.cohorts.factories import NOW
from tests.house.village import token, village  # noqa: F401

PEOPLE = ("anonymous", "otto", "amara", "bola", "gita", "helen", "joanne", "miriam", "priya", "adjoa", "rosalind")

STAFF = ("adjoa", "rosalind")

OPENS, SIGN_IN, CLOSED, BUTTON, MOVES, AWAY = (
    "opens", "asks to sign in", "is closed", "has a button only", "leads elsewhere", "is out of service",
)  # fmt: skip
ANSWERS = {200: OPENS, 302: MOVES, 403: CLOSED, 404: CLOSED, 410: CLOSED, 405: BUTTON, 503: AWAY}


def nothing(v) -> tuple:
    return ()


@dataclass(frozen=True)
class Door:
    """What each of PEOPLE finds at an address, whose arguments are Amara's own or the village's."""

    args: Callable
    finds: dict


def anybody(args=nothing, inside=OPENS):
    return Door(args, dict.fromkeys(PEOPLE, inside))


def signed_in(args=nothing, inside=OPENS, stranger=SIGN_IN):
    return Door(args, {**dict.fromkeys(PEOPLE, inside), "anonymous": stranger})


def signing_in(stranger=OPENS):
    """For those who have not signed in yet; the others are led home."""
    return signed_in(inside=MOVES, stranger=stranger)


def button(args=nothing):
    """POST only: it says so to everybody who is signed in, before it looks whose it is."""
    return signed_in(args, inside=BUTTON)


def only(*names, args=nothing, **more):
    """For these people; others who are signed in find nothing there. `more` says what somebody else finds."""
    return Door(args, {**dict.fromkeys(PEOPLE, CLOSED), "anonymous": SIGN_IN, **dict.fromkeys(names, OPENS), **more})


def owner(args=nothing):
    """Amara's own: closed to Bola of the same cohort, to her sponsor, her mentor and the office alike."""
    return only("amara", args=args)


def place(args=nothing):
    """For everybody with a place, now or before."""
    return only("amara", "bola", "gita", args=args)


def pair(args):
    """Between Amara and her mentor."""
    return only("amara", "joanne", args=args)


def office(args=nothing, adjoa=OPENS, rosalind=OPENS):
    """For administrator and director; everybody else is asked to sign in as one."""
    return Door(args, {**dict.fromkeys(PEOPLE, SIGN_IN), "adjoa": adjoa, "rosalind": rosalind})


def director(args=nothing):
    return office(args, adjoa=CLOSED)


def its(name, *rest):
    """Arguments: the number of something in the village, and what else the address has."""
    return lambda v: (getattr(v, name).pk, *rest)


def by_link(purpose, name, *rest, inside=OPENS):
    """By private link: open to whoever has it, and to nobody by another."""
    return anybody(lambda v: (token(purpose, getattr(v, name)), *rest), inside=inside)


def journey(door, name):
    """The pages of one draft."""
    this = lambda *rest, inside=OPENS: by_link(links.DRAFT, name, *rest, inside=inside)  # noqa: E731
    return {
        door: this(),
        f"{door}_check": this(),
        f"{door}_sent": this(inside=MOVES),
        f"{door}_copy": this(inside=MOVES),
        f"{door}_link": this(inside=MOVES),
        f"{door}_delete": this(),
        f"{door}_withdraw": this(inside=MOVES),
        f"{door}_both": anybody(lambda v: (token(links.DRAFT, v.draft), v.clash.pk)),
        f"{door}_share": this(),
        f"{door}_revoke": anybody(lambda v: (token(links.DRAFT, v.draft), v.share.pk), inside=MOVES),
        f"{door}_nobody": this(),
        f"{door}_replace": this(inside=MOVES),
        f"{door}_substitute": this(),
        f"{door}_page": this("about-you"),
    }


DOORS = {
    "healthz": anybody(),
    "healthz_reminders": anybody(inside=AWAY),  # nobody ticks in a test
    "healthz_reminders_slash": anybody(inside=AWAY),
    "metrics": anybody(inside=CLOSED),  # asks for its token
    # Signing in
    "account_login": anybody(inside=SIGN_IN),
    "account_request_login_code": signing_in(),
    "account_confirm_login_code": signing_in(stranger=SIGN_IN),
    "account_logout": signed_in(stranger=MOVES),
    "account_reauthenticate": signed_in(inside=CLOSED),
    "account_inactive": anybody(),
    "mfa_index": signed_in(),
    "mfa_authenticate": signed_in(inside=MOVES),
    "mfa_reauthenticate": signed_in(inside=CLOSED),
    "mfa_activate_totp": signed_in(),
    "mfa_deactivate_totp": signed_in(inside=CLOSED),
    "mfa_view_recovery_codes": signed_in(inside=CLOSED),
    "mfa_generate_recovery_codes": signed_in(),
    "mfa_download_recovery_codes": signed_in(inside=CLOSED),
    "mfa_list_webauthn": signed_in(),
    "mfa_add_webauthn": signed_in(),
    "mfa_reauthenticate_webauthn": signed_in(inside=CLOSED),
    "mfa_remove_webauthn": signed_in(lambda v: (1,), inside=CLOSED),
    "mfa_edit_webauthn": signed_in(lambda v: (1,), inside=CLOSED),
    # Everybody's pages
    "front": anybody(),
    "help": anybody(),
    "accessibility": anybody(),
    "privacy": anybody(),
    "cookies": anybody(),
    "programme": anybody(lambda v: (v.programme.slug,)),
    "case_studies": anybody(),
    "case_study": anybody(lambda v: (v.case_study.slug,)),
    "case_study_pdf": anybody(lambda v: (v.case_study.slug,), inside=CLOSED),  # not made yet
    "check_certificate": anybody(),
    "certificate": anybody(lambda v: (v.certificate.code,)),
    "nominate": anybody(),
    "nominate_start": anybody(lambda v: (v.next.slug,)),
    "nominate_questions": anybody(lambda v: (v.next.slug,)),
    "apply": anybody(),
    "apply_start": anybody(lambda v: (v.applications.cohort.slug,)),
    "tell_me": anybody(lambda v: (v.programme.slug,), inside=BUTTON),
    # By private link
    "unsubscribe": anybody(lambda v: (v.unsubscribe,)),
    "calendar_feed": anybody(lambda v: (v.calendar,)),
    "invitation": by_link(links.INVITATION, "invitation"),
    "invitation_nobody": by_link(links.INVITATION, "invitation"),
    "replacement": by_link(links.REPLACE, "replacement"),
    "shared_section": by_link(links.SECTION, "share"),
    "shared_page": by_link(links.SECTION, "share", "nominee"),
    "nominee_accept": by_link(links.ACCEPT, "sent"),
    "nominee_statement": by_link(links.ACCEPT, "sent"),
    "nominee_saved": by_link(links.ACCEPT, "sent"),
    "nominee_both": anybody(lambda v: (token(links.ACCEPT, v.beside.nomination), v.beside.pk)),
    "nominee_decline": by_link(links.ACCEPT, "sent"),
    "equality": by_link(links.EQUALITY, "complete"),
    "endorse": by_link(links.ENDORSE, "endorsement"),
    "endorse_decline": by_link(links.ENDORSE, "endorsement"),
    "endorse_saved": by_link(links.ENDORSE, "endorsement"),
    "endorse_both": anybody(
        lambda v: (token(links.ENDORSE, v.beside_endorsement.nomination.endorsement), v.beside_endorsement.pk)
    ),
    "offer": by_link(links.OFFER, "offer"),
    "new_link": anybody(lambda v: (links.DRAFT, token(links.DRAFT, v.draft)), inside=BUTTON),
    "sign_contract": by_link(CONTRACT, "contract"),
    "sign_contract_pdf": by_link(CONTRACT, "contract"),
    **journey("nomination", "draft"),
    **journey("application", "application"),
    "application_nobody": by_link(links.DRAFT, "application", inside=CLOSED),
    "application_share": by_link(links.DRAFT, "application", inside=CLOSED),
    # Everybody who signs in
    "my_home": only(*PEOPLE[1:-2], adjoa=MOVES, rosalind=MOVES),
    "my_done": signed_in(),
    "my_dates": signed_in(),
    "my_calendar_link": signed_in(),
    "my_messages": signed_in(),
    "my_message": owner(its("letter")),
    "my_message_file": owner(its("file")),
    "my_privacy": signed_in(),
    "my_data": button(),
    "my_privacy_request": signed_in(lambda v: ("correction",)),
    "document": only("amara", "helen", "rosalind", "adjoa", args=its("document")),
    # Participants
    "my_graduation": place(),
    "my_in_touch": button(),
    "my_pulse": only("gita", args=lambda v: (6,)),
    "my_narrative": place(),
    "my_narrative_consent": button(lambda v: ("self",)),
    "my_quote_offer": place(),
    "my_quote": button(its("quote")),
    "my_details": place(),
    "my_modules": place(),
    "my_module": only("amara", "bola", args=lambda v: (1,)),
    # It is asked for two months: nobody is told off for coming later.
    "my_feedback": only("amara", "bola", args=lambda v: (4,)),
    "my_reading": button(its("reading")),
    "material": only("amara", "bola", "adjoa", "rosalind", args=its("slides")),
    "my_catch_up": owner(its("catch_up")),
    "my_people": place(),
    "my_team": place(),
    "my_choices": place(),
    "my_challenge": owner(),
    "my_experiment_new": owner(),
    "my_experiment": owner(its("experiment")),
    "my_learning": place(),
    "my_questionnaire": only("amara", "bola", args=its("after")),
    "my_questionnaire_page": owner(its("after", 1)),
    "my_send": owner(its("after")),
    "my_results": owner(its("before")),
    "my_results_share": button(its("before", "sponsor")),
    "my_plan": place(),
    "my_goal_new": place(),
    "my_goal": owner(its("goal")),
    "my_goal_review": owner(its("goal")),
    "my_plan_share": button(lambda v: ("mentor",)),
    "my_contract": place(),
    "my_contract_section": owner(lambda v: ("purpose",)),
    # Mentoring and coaching
    "my_mentor": place(),
    "my_mentor_wishes": place(),
    "my_mentor_out": button(),
    "my_mentor_choices": owner(),
    "my_conflict": only("amara", "bola", "joanne"),
    "my_conflict_withdraw": button(its("conflict")),
    "my_coaching": place(),
    "mentor_home": only("joanne", "gita"),
    "mentor_offer": only("joanne", "gita"),
    "mentor_rest": only("joanne"),
    "mentor_stand_down": button(),
    "mentor_mentee": only("joanne", args=its("mentorship"), amara=MOVES),
    "mentorship_meeting": pair(its("mentorship")),
    "mentorship_meeting_change": pair(lambda v: (v.mentorship.pk, v.mentorship.meetings.get().pk)),
    "mentorship_meeting_away": button(lambda v: (v.mentorship.pk, v.mentorship.meetings.get().pk)),
    "mentorship_plan": pair(its("mentorship")),
    "mentorship_call_off": button(its("mentorship")),
    "mentorship_agreement": pair(its("mentorship")),
    "mentorship_say_yes": button(its("mentorship")),
    "mentorship_notes": pair(its("mentorship")),
    "mentorship_note_away": button(lambda v: (v.mentorship.pk, v.note.pk)),
    # It has begun: there is nothing to decline any more.
    "mentorship_decline": only(args=its("mentorship"), amara=MOVES, joanne=MOVES),
    "mentorship_end": pair(its("mentorship")),
    "mentorship_review": pair(its("mentorship", "middle")),
    "coach_home": only("miriam"),
    "coach_new_session": only("miriam", args=its("group")),
    "coach_record": only("miriam", args=its("coaching")),
    "coach_change": only("miriam", args=its("coaching")),
    "coach_cancel": only("miriam", args=its("coaching")),
    # The panel
    "panel": only("priya"),
    "panel_read": only("priya", args=its("assessment")),
    "panel_conflict": only("priya", args=its("assessment")),
    # The demo's mailbox, which exists only there
    "mailbox": anybody(inside=CLOSED),
    "mailbox_message": anybody(its("message"), inside=CLOSED),
    "mailbox_letter": anybody(its("message"), inside=CLOSED),
    "mailbox_letter_css": anybody(its("message"), inside=CLOSED),
    "mailbox_file": anybody(its("message"), inside=CLOSED),
}

# The office's screens that are not simply open to both, or that need more than the first row of their table.
OFFICE = {
    "login": Door(nothing, {**dict.fromkeys(PEOPLE, MOVES), **dict.fromkeys(("anonymous", *STAFF), SIGN_IN)}),
    "logout": Door(nothing, {**dict.fromkeys(PEOPLE, MOVES), **dict.fromkeys(STAFF, BUTTON)}),
    "jsi18n": office(),
    "view_on_site": office(lambda v: (1, 1), adjoa=CLOSED, rosalind=CLOSED),  # no record has a page of its own there
    "autocomplete": office(adjoa=CLOSED, rosalind=CLOSED),  # answers to forms that say what they complete
    "app_list": office(lambda v: ("cohorts",), adjoa=MOVES, rosalind=MOVES),
    "people_erase": director(its("amara")),
    "people_retention": director(),
    "people_expire": director(lambda v: ("people.links",)),
    "people_roles": director(its("amara")),
    "people_role": director(its("amara", "give", "mentor")),
    "people_timeline": office(its("amara")),
    "cohorts_cohort_graduate": office(its("cohort"), adjoa=MOVES, rosalind=MOVES),  # while nobody is ready
    "cohorts_place_do": office(its("place", "waive")),
    "cohorts_casestudy_preview": office(its("case_study"), adjoa=BUTTON, rosalind=BUTTON),
    "nominations_coverage_now": office(adjoa=MOVES, rosalind=MOVES),
    "nominations_selection_now": office(adjoa=MOVES, rosalind=MOVES),
    "nominations_release_now": office(adjoa=MOVES, rosalind=MOVES),
    "nominations_selection": director(its("round")),
    "nominations_share_out": director(its("round")),
    "nominations_waiting_list": director(its("round")),
    "nominations_offer_seats": director(its("round")),
    "nominations_release": director(its("round")),
    "nominations_release_confirm": office(its("round"), adjoa=CLOSED, rosalind=MOVES),
    "nominations_equality": director(its("round")),
    # Nobody is planned in the village, so it leads back to the board.
    "nominations_invite": office(its("round"), adjoa=MOVES, rosalind=MOVES),
    "nominations_contacts": office(its("round")),
    "nominations_answer": office(lambda v: (v.round.pk, v.invitation.organisation_id)),
    # Nobody has said there that it has nobody, so it leads back to the board.
    "nominations_after_all": office(lambda v: (v.round.pk, v.invitation.organisation_id), adjoa=MOVES, rosalind=MOVES),
    "nominations_leave_panel": director(lambda v: (v.assessment.member_id,)),
    "nominations_reopen": director(its("assessment")),
    "nominations_candidate": director(lambda v: (v.round.pk, v.complete.pk)),
    "modules_module_paper": office(its("module", "register"), adjoa=BUTTON, rosalind=BUTTON),
    "modules_speaker_process_import": office(adjoa=BUTTON, rosalind=BUTTON),
    "modules_team_board": office(its("cohort")),
    "modules_team_board_confirm": office(its("cohort")),
    "modules_learningcontract_sign": office(its("contract", 1)),
    "mentoring_conflict_settle": office(its("conflict")),
    "mentoring_match": office(its("cohort")),
    # Of a match that is confirmed, only the match itself is left to see.
    "mentoring_match_pair": office(lambda v: (v.cohort.pk, v.place.pk), adjoa=MOVES, rosalind=MOVES),
    "mentoring_match_what_if": office(its("cohort"), adjoa=MOVES, rosalind=MOVES),
    "mentoring_match_compare": office(
        its("cohort"), adjoa=CLOSED, rosalind=CLOSED
    ),  # two proposals, which its address names
    "mentoring_match_confirm": office(its("cohort"), adjoa=MOVES, rosalind=MOVES),
    "mentoring_thank": office(its("cohort")),
    "mentoring_review_talked": office(its("review")),
    "mentoring_coach_stand_down": office(lambda v: (v.miriam.coach.pk,)),
    "mentoring_coaching_board": office(its("cohort")),
    "mentoring_coaching_confirm": office(its("cohort")),
    "outbox_message_kind": office(lambda v: ("reminders.digest",)),
    "outbox_message_kind_words": office(lambda v: ("reminders.digest",)),
    "outbox_message_kind_css": office(lambda v: ("reminders.digest",)),
    "outbox_message_file": office(its("file")),
    "outbox_message_step": office(its("message", "resend")),
    "reminders_reminder_step": office(its("reminder", "hold")),
    "reminders_pace_add": office(adjoa=MOVES, rosalind=MOVES),  # there is one, to which it leads
}


def addresses(resolver=None, namespace="", route=""):
    """Every named URL with its route, the office's as "admin:…"."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = route + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace, here)
        elif pattern.name:
            yield f"{namespace}{pattern.name}", here


def own(namespace):
    """The names of one namespace, without it, and their routes."""
    return {
        name.removeprefix(namespace): route
        for name, route in addresses()
        if (":" in name) == bool(namespace) and name.startswith(namespace)
    }


def table_of(route):
    """The model whose admin page stands at office/<app>/<model>/…, if it is one."""
    found = re.match(r"office/(\w+)/(\w+)/", route)
    return apps.get_model(*found.groups()) if found and found[1] in apps.app_configs else None


def screen(name, route, v):
    """The door of a screen of the office: its row in OFFICE, or the first record of its table."""
    if name in OFFICE:
        return OFFICE[name]
    model = table_of(route)
    record = model and model._default_manager.order_by("pk").first()
    if "<" in route and record is None:
        raise AssertionError(f"Nobody in the village has a {model._meta.verbose_name}: give it one in village.py.")
    args = (record.pk,) if "<" in route else ()
    verb = name.rpartition("_")[2]
    if model in admin.site._registry and verb in {"add", "delete"}:
        return office(lambda v: args, **{who: _permitted(verb, model, record, getattr(v, who)) for who in STAFF})
    if model in admin.site._registry and verb == "history":  # it is told in the trail
        return office(lambda v: args, adjoa=MOVES, rosalind=MOVES)
    return office(lambda v: args)


def _permitted(verb, model, record, person):
    """As the page's own permission says, which `leaders.people.permissions` gives."""
    request = RequestFactory().get("/")
    request.user = person
    page = admin.site._registry[model]
    allowed = page.has_add_permission(request) if verb == "add" else page.has_delete_permission(request, record)
    return OPENS if allowed else CLOSED


# Rows of these come by themselves: of a visit, and of Django's notes on which models it has met.
COME_BY_THEMSELVES = {Session._meta.db_table, ContentType._meta.db_table}


def row_counts():
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names():
            if table not in COME_BY_THEMSELVES:
                cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 (our own names)
                counts[table] = cursor.fetchone()[0]
    return counts


@pytest.fixture
def visitors(village, time_machine):  # noqa: F811
    """A browser for each person, on a Thursday in March 2027."""
    time_machine.move_to(NOW, tick=False)
    clients = {name: Client(raise_request_exception=False) for name in PEOPLE}
    for name in PEOPLE[1:]:
        sign_in(clients[name], getattr(village, name))
    return clients


def answer_of(response) -> str:
    """What the person sees."""
    if response.status_code == 302 and response.url.startswith(("/accounts/", "/office/login/")):
        return SIGN_IN
    return ANSWERS.get(response.status_code, f"answers {response.status_code}")


def wrong_answers(doors, visitors, v):
    """Every door tried by everybody, with a GET: a sentence for each that answers otherwise than its row says."""
    found = defaultdict(list)
    for name, door in doors.items():
        url = reverse(name, args=door.args(v))
        for who, expected in door.finds.items():
            answer = answer_of(visitors[who].get(url))
            if answer != expected:
                found[f"{name} ({url}) {answer}, while its row says that it {expected}, for"].append(who)
    return [f"{said} {', '.join(people)}." for said, people in found.items()]


def test_every_address_has_a_row_and_every_row_an_address():
    names = own("")
    missing = sorted(names.keys() - DOORS.keys())
    gone = sorted(DOORS.keys() - names.keys()) + sorted(OFFICE.keys() - own("admin:").keys())
    assert missing == [], f"Say in DOORS who may enter {', '.join(missing)}."
    assert gone == [], f"There is no such address any more: {', '.join(gone)}."


@pytest.mark.django_db
@pytest.mark.postgresql_will_do
def test_everybody_finds_each_door_as_its_row_says_and_no_get_changes_anything(visitors, village):  # noqa: F811
    before = row_counts()
    wrong = wrong_answers(DOORS, visitors, village)
    assert wrong == [], "\n".join(["", *wrong])
    assert row_counts() == before


@pytest.mark.django_db
@pytest.mark.postgresql_will_do
def test_mail_scanners_that_only_ask_whether_a_door_is_there_are_told_what_a_reader_finds(visitors, village):  # noqa: F811
    different = []
    for name, door in DOORS.items():
        who = next((who for who, found in door.finds.items() if found == OPENS), "anonymous")
        url = reverse(name, args=door.args(village))
        read, asked = visitors[who].get(url).status_code, visitors[who].head(url).status_code
        if read != asked:
            different.append(f"{name} ({url}) answers {read} to GET and {asked} to HEAD.")
    assert different == []


@pytest.mark.django_db
def test_a_reader_at_an_address_that_only_a_button_opens_is_told_so(client, village):  # noqa: F811
    answer = client.get(reverse("tell_me", args=[village.programme.slug]))

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "This page opens by a button" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.postgresql_will_do
def test_the_office_opens_for_its_staff_alone_and_no_get_changes_anything(visitors, village):  # noqa: F811
    before = row_counts()
    screens = {f"admin:{name}": screen(name, route, village) for name, route in own("admin:").items()}
    wrong = wrong_answers(screens, visitors, village)
    assert wrong == [], "\n".join(["", *wrong])
    assert row_counts() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", sorted(name for name, route in own("").items() if re.search(r"<str:(token|code)>", route))
)
def test_an_unknown_token_finds_no_page(client, name):
    filled = {"token": "0" * 40, "code": "ABCD-EFGH", "page": "nominee", "pk": 1, "purpose": links.DRAFT}
    wanted = re.findall(r"<\w+:(\w+)>", own("")[name])
    url = reverse(name, kwargs={key: filled[key] for key in wanted})
    assert (client.post if name == "new_link" else client.get)(url).status_code == 404


@pytest.mark.django_db
def test_a_link_opens_only_what_it_was_made_for(visitors, village):  # noqa: F811
    accept = token(links.ACCEPT, village.sent)
    for name in ("nomination", "offer", "equality", "endorse", "invitation", "sign_contract", "calendar_feed"):
        assert visitors["anonymous"].get(reverse(name, args=[accept])).status_code == 404


@pytest.mark.django_db
def test_the_administrator_neither_edits_programmes_nor_deletes(visitors, village):  # noqa: F811
    for name in ("cohorts_programme_add", "cohorts_programme_delete", "people_organisation_delete"):
        args = () if name.endswith("add") else (village.programme.pk,)
        assert visitors["adjoa"].get(reverse(f"admin:{name}", args=args)).status_code == 403
