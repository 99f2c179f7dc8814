"""One of everything, in March 2027: somebody behind each door of the house, and something of their own to find there.

Cohort 6 has graduated, Cohort 7 is in mid-year, Cohort 8 takes nominations.
"""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile

from cohorts import actions as cohorts
from cohorts.actions.case_studies import WORDS
from cohorts.models import Narrative, PublishingWindow
from leaders.documents.actions import request_document
from leaders.home.calendar import renew_calendar_link
from leaders.outbox.consent import PURPOSE as UNSUBSCRIBE
from leaders.outbox.consent import give_consent
from leaders.outbox.delivery import send_due
from leaders.outbox.models import Message, Suppression
from leaders.people.actions import ask_privacy
from leaders.people.links import issue
from leaders.people.models import PrivateLink
from leaders.reminders.actions import materialise
from leaders.reminders.models import ClosedPeriod, Pace, Reminder
from mentoring import actions as mentoring
from mentoring.models import CoachingGroup, CoachingGroupMember, MentoringRules, Mode
from modules import actions as modules
from nominations import actions as nominations
from nominations.actions.offering import make_offer
from tests.cohorts.factories import (
    NOW,
    CohortFactory,
    PlaceFactory,
    ProgrammeFactory,
    ProgrammeRequirementFactory,
)
from tests.mentoring.factories import MATCHING_DAY, CoachFactory, MentorFactory, criteria, matched
from tests.modules.factories import (
    AttendanceFactory,
    ChallengeFactory,
    TeamFactory,
    WaveFactory,
    after_wave,
    answered,
    sent_contract,
    six_modules,
)
from tests.nominations.factories import ANSWERS, RoundFactory, application, applied, complete, draft, fill, sent
from tests.people.factories import AuthorityFactory, PersonFactory

LAST_AUTUMN = datetime(2026, 10, 13, 9, 30, tzinfo=NOW.tzinfo)


@pytest.fixture
def village(rosalind, adjoa, priya, helen, joanne, miriam, otto, amara_place):
    """Who lives there, and what is theirs; everything is made by the actions, as in life."""
    v = SimpleNamespace(
        rosalind=rosalind, adjoa=adjoa, priya=priya, helen=helen, joanne=joanne, miriam=miriam, otto=otto,
        amara=amara_place.person, place=amara_place, cohort=amara_place.cohort,
        programme=amara_place.cohort.programme,
    )  # fmt: skip
    v.bola = PlaceFactory(cohort=v.cohort, person__name="Bola Adeyinka").person
    _last_year(v)
    ProgrammeRequirementFactory(programme=v.programme, key="narrative")
    _the_year(v)
    _mentoring(v)
    _next_year(v)
    _office(v)
    return v


def token(purpose, subject) -> str:
    return PrivateLink.objects.filter(purpose=purpose, subject_id=str(subject.pk)).latest("pk").token


def _last_year(v):
    """Cohort 6: Gita has graduated, and its story is published."""
    last = CohortFactory(programme=v.programme, number=6, slug="llp-6", starts_on=date(2025, 9, 15), contact=v.rosalind)
    place = PlaceFactory(cohort=last, person__name="Gita Patel")
    v.gita = place.person
    v.certificate = cohorts.graduate_place(place=place, by=v.rosalind, now=NOW - timedelta(days=220))
    study = cohorts.assemble_case_study(cohort=last, by=v.rosalind, now=NOW)
    words = dict.fromkeys(WORDS, "Residents were asked first.")
    study = cohorts.edit_case_study(case_study=study, version=study.version, by=v.rosalind, now=NOW, **words)
    study = cohorts.approve_case_study(case_study=study, version=study.version, by=v.adjoa, now=NOW)
    v.case_study = cohorts.publish_case_study(case_study=study, by=v.rosalind, now=NOW)


def _the_year(v):
    """Cohort 7: Amara's modules, team, questionnaires, plan and contract."""
    place, cohort = v.place, v.cohort
    first, *_ = six_modules(cohort)
    v.module = first
    day = first.sessions.first()
    v.session = day
    modules.book_speaker(session=day, name="Carla Reid", by=v.rosalind, now=LAST_AUTUMN)
    v.reading = modules.add_material(
        module=first, title="A paper", url="https://example.org/paper", minutes=20, due_on=day.starts.date(),
        by=v.rosalind, now=LAST_AUTUMN,
    )  # fmt: skip
    v.slides = modules.add_material(
        module=first, title="Slides", file=ContentFile(b"%PDF-1.7\ntrailer\n%%EOF\n", name="slides.pdf"),
        by=v.rosalind, now=LAST_AUTUMN,
    )  # fmt: skip
    missed = AttendanceFactory(session=day, place=place, status="absent")
    v.catch_up = modules.set_catch_up(
        attendance=missed, task="Watch the recording", minutes=40, due_on=date(2027, 4, 1), by=v.rosalind, now=NOW
    )
    v.team = TeamFactory(cohort=cohort, members=[place])
    v.challenge = ChallengeFactory(cohort=cohort)
    v.experiment = modules.log_experiment(
        team=v.team, tried_on=date(2027, 2, 1), tried="Asked residents", by=v.amara, now=NOW
    )
    v.before = WaveFactory(cohort=cohort)
    answered(v.before, place)
    v.after = after_wave(cohort)
    answered(v.after, place, submit=False, now=NOW)
    v.goal = modules.add_goal(place=place, title="Listen longer", by=v.amara, now=NOW)
    v.contract = sent_contract(place, now=NOW)
    v.document = request_document("modules.learning_contract", subject=v.contract, now=NOW)
    Narrative.objects.create(place=place, saved_at=NOW, self_text="a", us_text="b", now_text="c")
    v.quote = cohorts.propose_quote(place=place, words="Ring first", by=v.rosalind, now=NOW)
    v.calendar = renew_calendar_link(person=v.amara, now=NOW).split("/")[-1].removesuffix(".ics")


def _mentoring(v):
    """Joanne is Amara's mentor, Miriam her group's coach."""
    criteria()
    MentoringRules.objects.create(programme=v.programme)
    mentor = MentorFactory(person=v.joanne)
    v.mentorship = matched(v.place, mentor, v.rosalind, now=MATCHING_DAY)
    v.run = v.cohort.match_runs.get()
    mentoring.record_meeting(mentorship=v.mentorship, on=date(2026, 11, 3), mode=Mode.values[0], by=v.amara, now=NOW)
    mentoring.thank_mentors(cohort=v.cohort, by=v.rosalind, now=NOW)
    v.review = mentoring.answer_review(
        mentorship=v.mentorship, kind="middle", going="well", wants_to_talk=True, by=v.amara, now=NOW
    )
    v.note = mentoring.write_note(mentorship=v.mentorship, words="Mine alone", by=v.amara, now=NOW)
    v.conflict = mentoring.declare_conflict(by=v.amara, whom="A former manager", now=NOW)
    coach = CoachFactory(person=v.miriam)
    v.group = CoachingGroup.objects.create(
        cohort=v.cohort, number=1, coach=coach, confirmed_at=LAST_AUTUMN, confirmed_by="Rosalind Tate"
    )
    CoachingGroupMember.objects.create(group=v.group, place=v.place)
    v.coaching = mentoring.plan_session(
        group=v.group, starts=NOW + timedelta(days=7), ends=NOW + timedelta(days=7, hours=2), by=v.miriam, now=NOW
    )


def _next_year(v):
    """Cohort 8: a draft, a colleague's section, two who want the same place, an application, a reading, an offer."""
    v.next = CohortFactory(
        programme=v.programme, number=8, slug="llp-8", starts_on=date(2027, 9, 14), contact=v.rosalind
    )
    v.round = RoundFactory(cohort=v.next)
    camden, hackney = v.helen.organisation, AuthorityFactory(name="Haringey", slug="haringey")
    v.invitation = nominations.invite(
        round=v.round, organisation=hackney, nominator=PersonFactory(name="Sam Osei"), by=v.rosalind, now=NOW
    )
    v.draft = draft(v.round, now=NOW)
    v.clash = _clash(v.draft)
    v.share = nominations.share_section(
        nomination=v.draft, section="nominee", name="Pat Lee", email="pat.lee@example.org", by="Helen", now=NOW
    )
    v.sent = sent(v.round, organisation=camden, now=NOW, email="first@example.org")
    rival = fill(draft(v.round, organisation=camden, email="martin@example.org", name="Martin Cole", now=NOW), now=NOW)
    v.replacement = nominations.ask_to_replace(draft=rival, by="Martin Cole", now=NOW, proved=True)
    v.complete = complete(v.round, now=NOW, email="second@example.org")
    member = nominations.add_panel_member(round=v.round, person=v.priya, by=v.rosalind, now=NOW)
    v.assessment = nominations.assign(nomination=v.complete, member=member, by=v.rosalind, now=NOW)
    nominations.nobody_this_time(
        round=v.round, organisation=AuthorityFactory(), person=PersonFactory(), by="Somebody", now=NOW
    )  # fmt: skip
    v.offer = make_offer(nomination=complete(v.round, now=NOW, email="third@example.org"), by=v.rosalind, now=NOW)
    open_to_all = ProgrammeFactory(
        name="Leaders for London", slug="leaders-for-london", short_name="L", nominations_per_organisation=None,
        takes_applications=True, applying_kinds=["outside_london", "independent"],
    )  # fmt: skip
    other = CohortFactory(
        programme=open_to_all, number=3, slug="lfl-3", starts_on=date(2027, 9, 14), contact=v.rosalind
    )
    v.applications = RoundFactory(cohort=other)
    v.application = application(v.applications, now=NOW)
    v.endorsement = applied(v.applications, endorsed=False, now=NOW, email="zoe@example.org").endorsement
    _half_way(v.sent, v.sent.nominee)
    _half_way(v.endorsement.nomination, v.endorsement.sponsor)
    torn = sent(v.round, now=NOW, email="fourth@example.org")
    v.beside = _half_way_twice(torn, torn.nominee)
    torn = applied(v.applications, endorsed=False, now=NOW, email="yan@example.org")
    v.beside_endorsement = _half_way_twice(torn, torn.endorsement.sponsor)
    nominations.tell_me(programme=open_to_all, email="asks@example.org", now=NOW)


def _clash(nomination):
    """Two texts for one page of a draft."""
    words = {"nominator_name": "Helen Marsh", "nominator_role_title": ANSWERS["nominator_role_title"]}
    nominations.save_section(nomination=nomination, page="about-you", values=words, by="Helen", now=NOW, seen=0)
    stale = {**words, "nominator_role_title": "Chief Executive"}
    with pytest.raises(nominations.Stale) as raised:
        nominations.save_section(nomination=nomination, page="about-you", values=stale, by="Helen", now=NOW, seen=0)
    return raised.value.clash


def _half_way(nomination, writer):
    """An answer saved, not sent."""
    words = {"statement": f"{writer.name} has begun"}
    nominations.save_answer(nomination=nomination, words=words, by=writer, now=NOW, seen=0)


def _half_way_twice(nomination, writer):
    """An answer saved in one window, and what an older one typed."""
    _half_way(nomination, writer)
    words = {"statement": f"{writer.name} begins anew"}
    with pytest.raises(nominations.Stale) as raised:
        nominations.save_answer(nomination=nomination, words=words, by=writer, now=NOW, seen=0)
    return raised.value.clash


def _office(v):
    """What only the office has."""
    v.privacy = ask_privacy(person=v.amara, kind="correction", words="My name", now=NOW)
    consent = give_consent(address="asks@example.org", how="asked on the front page", now=NOW, by=None)
    v.unsubscribe = issue(purpose=UNSUBSCRIBE, subject=consent, email=consent.address, now=NOW).token
    PublishingWindow.objects.create(name="Mayor of London", starts_on=date(2028, 3, 20), ends_on=date(2028, 5, 4))
    ClosedPeriod.objects.create(label="Office move", first=date(2027, 8, 2), last=date(2027, 8, 3))
    Pace.objects.create(pk=1)
    materialise(NOW)
    v.suppression = Suppression.objects.create(address="gone@example.org", reason="bounced", since=NOW)
    send_due(NOW)
    v.letter = Message.objects.filter(state="sent", person=v.amara, secret=False).latest("pk")
    v.file = v.letter.attachments.first() or v.letter.attachments.create(
        filename="invite.ics", content_type="text/calendar", content=b"BEGIN:VCALENDAR"
    )
    v.message = Message.objects.filter(state="sent").latest("pk")
    v.reminder = Reminder.objects.filter(state="pending").first()
