"""The draft until it is sent: saving, sharing, two tabs, one nomination for each authority, another nominee."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from leaders.outbox.models import Message
from leaders.people.links import LinkRevoked, resolve
from leaders.people.models import AuditEvent, Person, PrivateLink
from leaders.people.refusals import NotPossible
from nominations.actions import (
    AlreadyNominated,
    Stale,
    agree_to_replace,
    ask_to_replace,
    defer_nomination,
    delete_draft,
    draft_path,
    finish_share,
    mail_link_again,
    revoke_share,
    save_section,
    send_nomination,
    settle_clash,
    share_section,
    substitute_nominee,
    withdraw_nomination,
)
from nominations.actions.sharing import LETTERS_A_DAY, SHARES_A_DAY
from nominations.actions.starting import STARTS_A_DAY
from nominations.models import Clash, Nomination, SharedSection
from tests.nominations.factories import (
    ANSWERING,
    CLOSED,
    OPEN,
    READING,
    application,
    applied,
    complete,
    draft,
    fill,
    sent,
)
from tests.people.factories import AuthorityFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def messages_to(email):
    return list(Message.objects.filter(to_email=email).order_by("pk").values_list("kind", flat=True))


def save(nomination, page, seen=None, **values):
    return save_section(nomination=nomination, page=page, values=values, seen=seen, by="Helen Marsh", now=OPEN)


def test_a_draft_gets_a_reference_and_its_link_by_mail(this_round, camden):
    first, second = draft(this_round, organisation=camden), draft(this_round)

    assert [first.reference, second.reference] == ["N7-0001", "N7-0002"]
    assert messages_to("helen.marsh@example.org") == ["nominations.draft_link"] * 2
    assert f"/nominate/n/{PrivateLink.objects.first().token}/" in Message.objects.order_by("pk").first().text


def test_the_same_form_sent_twice_begins_one_draft(this_round, camden):
    form = uuid.uuid4()
    drafts = {draft(this_round, organisation=camden, form_uuid=form).pk for _ in range(2)}

    assert len(drafts) == 1
    assert Message.objects.count() == 1


def test_a_kind_of_organisation_that_does_not_nominate_is_refused(this_round):
    with pytest.raises(NotPossible, match="does not nominate"):
        draft(this_round, organisation=OrganisationFactory(name="A hospital"))


def test_nothing_starts_after_the_deadline(this_round):
    with pytest.raises(NotPossible, match="closed at Friday 1 May 2026, 6pm"):
        draft(this_round, now=CLOSED)


def test_one_address_begins_only_so_many_drafts_a_day(this_round):
    organisations = AuthorityFactory.create_batch(STARTS_A_DAY + 1)
    for organisation in organisations[:STARTS_A_DAY]:
        draft(this_round, organisation=organisation)
    with pytest.raises(NotPossible, match="the links are in your emails"):
        draft(this_round, organisation=organisations[-1])
    draft(this_round, organisation=organisations[-1], email="another@example.org")
    draft(this_round, organisation=organisations[-1], now=OPEN + timedelta(days=1))


def test_every_save_raises_the_version_and_says_which_page(this_round):
    nomination = save(draft(this_round), "nominee", nominee_name="Amina Rahman", nominee_email="amina@example.org")

    assert (nomination.version, nomination.changed_in, nomination.saved_at) == (1, {"nominee": 1}, OPEN)


def test_saving_the_same_again_changes_nothing(this_round):
    nomination = draft(this_round)
    for _ in range(2):
        nomination = save(nomination, "why/passion", **{"why:passion": "She rebuilt the service."})

    assert nomination.version == 1


def test_a_stale_tab_keeps_both_texts(this_round):
    nomination = draft(this_round)
    save(nomination, "why/passion", seen=0, **{"why:passion": "From the office."})

    with pytest.raises(Stale) as stale:
        save(nomination, "why/passion", seen=0, **{"why:passion": "From the train."})

    nomination.refresh_from_db()
    assert nomination.why == {"passion": "From the office."}
    assert stale.value.clash.typed == {"why:passion": "From the train."}


def test_two_people_may_fill_different_pages(this_round):
    nomination = draft(this_round)
    save(nomination, "why/passion", seen=0, **{"why:passion": "From the office."})

    nomination = save(nomination, "council", seen=0, release_agreed=True, cover="")

    assert nomination.changed_in == {"why/passion": 1, "council": 2}
    assert not Clash.objects.exists()


def test_a_clash_is_settled_by_choosing_a_text_and_must_be_before_sending(this_round):
    nomination = fill(draft(this_round))
    with pytest.raises(Stale):
        save(nomination, "why/passion", seen=0, **{"why:passion": "From the train."})
    with pytest.raises(NotPossible, match="two texts"):
        send_nomination(nomination=nomination, attested_by="Helen Marsh", by=None, now=OPEN, proved=True)
    clash = Clash.objects.get()

    settle_clash(clash=clash, values=clash.typed, by="Helen Marsh", now=OPEN)
    with pytest.raises(NotPossible, match="chosen already"):
        settle_clash(clash=clash, values={"why:passion": "A third."}, by="Helen Marsh", now=OPEN)

    nomination.refresh_from_db()
    assert nomination.why["passion"] == "From the train."
    assert (
        send_nomination(nomination=nomination, attested_by="Helen Marsh", by=None, now=OPEN, proved=True).state
        == "sent"
    )


def test_a_page_that_the_form_lacks_cannot_be_saved(this_round):
    with pytest.raises(KeyError):
        save(draft(this_round), "state", state="accepted")


def test_only_what_a_page_asks_is_saved(this_round):
    nomination = save(draft(this_round), "council", release_agreed=True, state="accepted", reference="X")

    nomination.refresh_from_db()
    assert (nomination.state, nomination.reference, nomination.release_agreed) == ("draft", "N7-0001", True)


def test_a_colleague_is_told_whom_the_nomination_is_about_when_that_is_known(this_round):
    nomination = fill(draft(this_round), nominee_name="Samuel Adjei")
    share_section(nomination=nomination, section="council", name="Femi", email="femi@example.org", by="Helen", now=OPEN)

    letter = Message.objects.get(kind="nominations.section_shared")
    assert letter.subject == "Helen Marsh asks you to fill in part of the nomination of Samuel Adjei"
    assert letter.from_email == '"London Leadership Programme" <programmes@example.org>'
    assert "Helen Marsh is nominating Samuel Adjei for the London Leadership Programme" in letter.text


def test_a_colleague_gets_a_link_of_their_own_until_it_is_revoked(this_round):
    nomination = draft(this_round)
    shares = [
        share_section(
            nomination=nomination, section="council", name="Femi", email="Femi@example.org", by="Helen", now=OPEN
        )
        for _ in range(2)
    ]
    link = PrivateLink.objects.get(purpose="nominations.section")
    assert shares[0] == shares[1]
    assert messages_to("femi@example.org") == ["nominations.section_shared"]

    revoke_share(share=shares[0], by="Helen", now=OPEN)

    with pytest.raises(LinkRevoked):
        resolve(link.token, purpose="nominations.section", now=OPEN)


def test_a_draft_has_only_so_many_colleagues_written_to_in_a_day(this_round):
    nomination = draft(this_round)

    def share(number, now=OPEN, email=None):
        return share_section(
            nomination=nomination, section="council", name="Femi", email=email or f"femi{number}@example.org",
            by="Helen", now=now,
        )  # fmt: skip

    for number in range(SHARES_A_DAY):
        share(number)
    with pytest.raises(NotPossible, match="the next one tomorrow"):
        share(SHARES_A_DAY)
    assert share(0).name == "Femi"
    share(SHARES_A_DAY, now=OPEN + timedelta(days=1))


def test_one_address_is_written_to_only_so_often_in_a_day_however_often_its_link_is_taken_back(
    client, this_round, time_machine
):
    time_machine.move_to(OPEN)
    address = draft_path(draft(this_round), OPEN) + "share/"
    given = {"section": "council", "name": "Femi", "email": "femi@example.org"}
    for _ in range(LETTERS_A_DAY + 1):
        answer = client.post(address, given)
        for share in SharedSection.objects.filter(revoked_at=None):
            revoke_share(share=share, by="Helen", now=OPEN)

    assert answer.status_code == 422
    assert "often enough today" in answer.content.decode()
    assert len(messages_to("femi@example.org")) == LETTERS_A_DAY


@pytest.mark.parametrize("email", ["Amina.Rahman@example.org", "helen.marsh@example.org"])
def test_nobody_fills_in_as_a_colleague_what_is_said_of_themselves(this_round, email):
    nomination = fill(draft(this_round), nominee_email="amina.rahman@example.org")

    with pytest.raises(NotPossible, match="Somebody else has to fill it in"):
        share_section(nomination=nomination, section="council", name="Amina", email=email, by="Helen", now=OPEN)


def test_a_colleague_who_was_asked_is_not_nominated_while_they_have_a_link(this_round):
    nomination = draft(this_round)
    share_section(
        nomination=nomination, section="council", name="Amina", email="amina@example.org", by="Helen", now=OPEN
    )
    nomination = fill(nomination, nominee_email="amina@example.org")

    with pytest.raises(NotPossible, match="take the link back"):
        send_nomination(nomination=nomination, attested_by="Helen Marsh", by=None, now=OPEN, proved=True)


def test_what_only_the_director_knows_is_not_shared(this_round):
    with pytest.raises(NotPossible, match="Only you"):
        share_section(
            nomination=draft(this_round), section="why", name="Femi", email="femi@example.org", by="Helen", now=OPEN
        )


def test_the_director_hears_once_that_a_section_is_filled(this_round):
    share = share_section(
        nomination=draft(this_round), section="council", name="Femi", email="femi@example.org", by="Helen", now=OPEN
    )
    for _ in range(2):
        finish_share(share=share, by="Femi", now=OPEN)

    assert messages_to("helen.marsh@example.org") == ["nominations.draft_link", "nominations.section_filled"]


def test_a_section_that_left_the_form_is_not_filled(this_round):
    share = draft(this_round).shares.create(section="gone", name="Femi", email="femi@example.org", shared_at=OPEN)

    with pytest.raises(NotPossible, match="not part of the form any more"):
        finish_share(share=share, by="Femi", now=OPEN)

    share.refresh_from_db()
    assert share.filled_at is None


def test_who_was_put_forward_and_by_whom_is_known_once_it_is_sent(this_round):
    nomination = sent(this_round)

    assert nomination.put_forward.email == nomination.nominee_email
    assert nomination.put_forward_by.email == nomination.nominator_email


def test_a_draft_has_put_nobody_forward(this_round):
    with pytest.raises(RuntimeError, match="was not sent"):
        _ = draft(this_round).put_forward


def test_an_applicant_is_put_forward_by_nobody(open_programme):
    with pytest.raises(RuntimeError, match="has no nominator"):
        _ = applied(open_programme, endorsed=False).put_forward_by


def test_the_link_is_mailed_again_to_its_own_address_and_at_most_once_in_ten_minutes(this_round):
    nomination = draft(this_round)
    for _ in range(2):
        mail_link_again(nomination=nomination, by="Helen Marsh", now=OPEN)

    texts = list(Message.objects.values_list("to_email", "text"))
    assert [to for to, _ in texts] == ["helen.marsh@example.org"] * 2
    assert PrivateLink.objects.count() == 1
    assert all(PrivateLink.objects.get().token in text for _, text in texts)


def test_a_deleted_draft_is_gone_and_its_links_stop(this_round):
    nomination = draft(this_round)
    delete_draft(nomination=nomination, by="Helen Marsh", now=OPEN)

    assert not Nomination.objects.exists()
    with pytest.raises(LinkRevoked):
        resolve(PrivateLink.objects.get().token, purpose="nominations.draft", now=OPEN)
    with pytest.raises(NotPossible, match="deleted"):
        save(nomination, "nominee", nominee_name="Amina")


def test_sending_makes_the_people_known_and_asks_the_nominee(this_round, camden):
    nomination = sent(this_round, organisation=camden, answers={"nominee_email": "amina.rahman@example.org"})

    assert (nomination.state, nomination.attested_by, nomination.quota_slot) == ("sent", "Helen Marsh", 1)
    assert nomination.nominee == Person.objects.get(email="amina.rahman@example.org")
    assert nomination.nominator == Person.objects.get(email="helen.marsh@example.org")
    assert messages_to("amina.rahman@example.org") == ["nominations.accept"]
    assert messages_to("helen.marsh@example.org") == ["nominations.draft_link", "nominations.sent"]
    assert AuditEvent.objects.about(nomination).first().sentence == "Helen Marsh sent N7-0001 for Camden"


def test_a_link_that_has_not_gone_out_is_withdrawn_when_its_draft_is_sent(this_round, camden):
    waiting = draft(this_round)
    assert Message.objects.get().text.startswith("Dear Helen\n")
    send_nomination(nomination=fill(waiting), attested_by="Helen Marsh", by=None, now=OPEN, proved=True)

    states = dict(Message.objects.filter(to_email="helen.marsh@example.org").values_list("kind", "state"))
    assert states == {"nominations.draft_link": "skipped", "nominations.sent": "pending"}


def test_a_link_that_has_gone_out_stays_as_it_went(this_round):
    gone = fill(draft(this_round))
    Message.objects.update(state="sent", sent_at=OPEN)
    send_nomination(nomination=gone, attested_by="Helen Marsh", by=None, now=OPEN, proved=True)

    assert Message.objects.get(kind="nominations.draft_link").state == "sent"


def test_a_double_send_returns_the_same_receipt(this_round):
    nomination = sent(this_round)
    again = send_nomination(nomination=nomination, attested_by="Helen Marsh", by=None, now=OPEN, proved=True)

    assert again == nomination
    assert Message.objects.filter(kind="nominations.accept").count() == 1


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"why:passion": ""}, "“Why this person, why now” is not complete yet"),
        ({"release_agreed": False}, "“What your organisation will do” is not complete yet"),
        ({"nominee_level": "Chief Executive"}, "is for people in these posts: Assistant Director"),
        ({"nominee_email": "helen.marsh@example.org"}, "Somebody else has to nominate you"),
        ({"nominee_email": "grace.lin@example.org"}, "cannot be their own sponsor or line manager"),
        ({"nominee_email": "Ade.Okonkwo@example.org"}, "cannot be their own sponsor or line manager"),
    ],
)
def test_a_nomination_that_is_not_ready_is_not_sent(this_round, answers, words):
    nomination = fill(draft(this_round), **answers)

    with pytest.raises(NotPossible, match=words):
        send_nomination(nomination=nomination, attested_by="Helen Marsh", by=None, now=OPEN, proved=True)


def test_somebody_must_attest(this_round):
    with pytest.raises(NotPossible, match="Confirm"):
        send_nomination(nomination=fill(draft(this_round)), attested_by=" ", by=None, now=OPEN, proved=True)


def test_an_authority_has_one_live_nomination(this_round, camden):
    first = sent(this_round, organisation=camden)
    second = fill(draft(this_round, organisation=camden, email="martin.cole@example.org", name="Martin Cole"))

    with pytest.raises(AlreadyNominated) as refused:
        send_nomination(nomination=second, attested_by="Martin Cole", by=None, now=OPEN, proved=True)

    assert refused.value.standing == first
    second.refresh_from_db()
    assert second.state == "draft"
    assert second.why


def test_the_database_itself_holds_one_live_nomination_per_authority(this_round, camden):
    first = sent(this_round, organisation=camden)
    second = sent(this_round)

    with pytest.raises(IntegrityError), transaction.atomic():
        Nomination.objects.filter(pk=second.pk).update(organisation=camden)
    with pytest.raises(IntegrityError), transaction.atomic():
        Nomination.objects.filter(pk=first.pk).update(quota_slot=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Nomination.objects.filter(pk=first.pk).update(quota_slot=None)


def test_a_programme_may_allow_two_and_no_more(this_round, camden):
    programme = this_round.cohort.programme
    programme.nominations_per_organisation = 2
    programme.save()
    slots = [sent(this_round, organisation=camden).quota_slot for _ in range(2)]

    assert slots == [1, 2]
    with pytest.raises(AlreadyNominated):
        sent(this_round, organisation=camden)


def test_a_programme_without_a_limit_takes_any_number(open_programme, camden):
    assert [sent(open_programme, organisation=camden).quota_slot for _ in range(3)] == [None] * 3


def test_nobody_is_put_forward_twice_in_a_round(open_programme):
    sent(open_programme, answers={"nominee_email": "amina@example.org", "nominee_name": "Amina Rahman"})

    with pytest.raises(NotPossible, match="Amina Rahman has already been put forward"):
        sent(open_programme, answers={"nominee_email": "amina@example.org", "nominee_name": "Amina Rahman"})


def test_a_colleague_asks_and_the_earlier_nominator_agrees_to_a_replacement(this_round, camden):
    first = sent(this_round, organisation=camden, answers={"nominee_email": "first@example.org"})
    second = fill(draft(this_round, organisation=camden, email="martin.cole@example.org", name="Martin Cole"))
    replacement = ask_to_replace(draft=second, by="Martin Cole", now=OPEN, proved=True)
    assert ask_to_replace(draft=second, by="Martin Cole", now=OPEN, proved=True) == replacement
    assert messages_to("helen.marsh@example.org")[-1] == "nominations.replacement_asked"
    with pytest.raises(AlreadyNominated):
        send_nomination(nomination=second, attested_by="Martin Cole", by=None, now=OPEN, proved=True)

    # The deadline for nominations has passed, the one for substitutes has not.
    agree_to_replace(replacement=replacement, by=first.nominator, now=ANSWERING)

    states = dict(Nomination.objects.values_list("reference", "state"))
    assert states == {first.reference: "replaced", second.reference: "sent"}
    assert messages_to("first@example.org") == ["nominations.accept", "nominations.no_longer"]


def test_the_same_director_substitutes_another_nominee_without_asking(this_round, camden):
    first = complete(this_round, organisation=camden)
    second = substitute_nominee(nomination=first, by="Helen Marsh", now=ANSWERING)

    assert substitute_nominee(nomination=first, by="Helen Marsh", now=ANSWERING) == second
    assert (second.nominee_name, second.why, second.sponsor_name) == ("", {}, "Grace Lin")
    first.refresh_from_db()
    assert first.is_live

    second = fill(second, now=ANSWERING, nominee_name="Jo Blake")
    send_nomination(nomination=second, attested_by="Helen Marsh", by=None, now=ANSWERING, proved=True)

    first.refresh_from_db()
    assert (first.state, first.quota_slot) == ("replaced", None)


def test_there_is_no_substitute_after_the_cutoff(this_round):
    with pytest.raises(NotPossible, match="too late for another nominee"):
        substitute_nominee(nomination=complete(this_round), by="Helen Marsh", now=READING)


def test_a_withdrawn_nomination_frees_its_slot_and_tells_both(this_round, camden):
    nomination = complete(this_round, organisation=camden, answers={"nominee_email": "amina@example.org"})
    withdraw_nomination(nomination=nomination, reason="Left the council", by="Helen Marsh", now=OPEN)

    assert messages_to("amina@example.org")[-1] == "nominations.withdrawn"
    assert messages_to("helen.marsh@example.org")[-1] == "nominations.withdrawn_nominator"
    to_director = Message.objects.get(kind="nominations.withdrawn_nominator").text
    assert "because you nominate for your organisation" in to_director
    assert f"/nominate/{this_round.cohort.slug}/start/" in to_director
    to_nominee = Message.objects.get(kind="nominations.withdrawn").text
    assert "Your nomination for Cohort 7 of the London Leadership Programme was withdrawn" in to_nominee
    assert "because you were nominated for this programme" in to_nominee
    assert sent(this_round, organisation=camden).state == "sent"


def test_a_draft_is_not_withdrawn(this_round):
    with pytest.raises(NotPossible, match="cannot be withdrawn"):
        withdraw_nomination(nomination=draft(this_round), reason="", by="Helen Marsh", now=OPEN)


def test_a_nomination_is_deferred_with_its_reason(this_round, rosalind):
    nomination = defer_nomination(nomination=complete(this_round), reason="Parental leave", by=rosalind, now=READING)

    assert (nomination.state, nomination.ended_reason, nomination.quota_slot) == ("deferred", "Parental leave", None)


def test_people_outside_london_apply_and_their_sponsor_is_asked(open_programme):
    nomination = applied(open_programme, endorsed=False)

    assert (nomination.reference, nomination.state, nomination.employer) == ("L3-0001", "sent", "Medway Council")
    assert messages_to("grace.lin@example.org") == ["nominations.endorse"]
    assert messages_to("yusuf.demir@example.org") == ["nominations.draft_link", "nominations.application_sent"]


def test_applicants_do_not_endorse_themselves(open_programme):
    nomination = fill(application(open_programme), nominee_name="Yusuf Demir", sponsor_email="Yusuf.Demir@example.org")

    with pytest.raises(NotPossible, match="Somebody else has to endorse you"):
        send_nomination(nomination=nomination, attested_by="Yusuf Demir", by=None, now=OPEN, proved=True)


def test_an_endorsed_application_is_complete(open_programme):
    assert applied(open_programme).state == "complete"


def test_those_who_are_nominated_do_not_apply(open_programme, this_round, camden):
    with pytest.raises(NotPossible, match="are nominated"):
        application(open_programme, organisation=camden)
    with pytest.raises(NotPossible, match="are nominated"):
        application(this_round)


def test_a_nominator_sees_their_own_and_an_outsider_none(this_round, rosalind, otto, priya):
    nomination = sent(this_round, organisation=AuthorityFactory())
    visible = {p: list(Nomination.objects.visible_to(p)) for p in (rosalind, nomination.nominator, otto, priya)}

    assert list(visible.values()) == [[nomination], [nomination], [], []]
