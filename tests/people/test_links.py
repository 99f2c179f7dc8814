from datetime import UTC, datetime, timedelta

import pytest

from leaders.people import links
from leaders.people.models import PrivateLink

NOW = datetime(2027, 3, 4, 10, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def issue(subject, **more):
    return links.issue(purpose="nominate", subject=subject, now=NOW, **more)


def test_a_token_opens_its_link(otto):
    link = issue(otto, person=otto)
    assert links.resolve(link.token, purpose="nominate", now=NOW) == link
    assert link.email == otto.email


def test_the_token_is_not_in_the_database(otto):
    link = issue(otto)
    stored = PrivateLink.objects.values().get(pk=link.pk)
    assert link.token not in str(stored)


def test_a_later_letter_can_carry_the_same_token(otto):
    link = issue(otto)
    assert links.live(purpose="nominate", subject=otto, now=NOW).token == link.token
    assert links.live(purpose="nominate", subject=otto, now=NOW, email="another@example.org") is None


@pytest.mark.parametrize("token", ["", "no-such-token", "Ł" * 40, "0" * 40])
def test_an_unknown_token_is_refused(otto, token):
    issue(otto)
    with pytest.raises(links.LinkUnknown):
        links.resolve(token, purpose="nominate", now=NOW)


def test_a_link_serves_no_other_purpose(otto):
    link = issue(otto)
    with pytest.raises(links.LinkUnknown):
        links.resolve(link.token, purpose="accept", now=NOW)


def test_an_expired_link_says_which_it_was_so_that_a_new_one_can_be_mailed(otto):
    link = issue(otto, expires_at=NOW + timedelta(days=1))
    with pytest.raises(links.LinkExpired) as refused:
        links.resolve(link.token, purpose="nominate", now=NOW + timedelta(days=1))
    assert refused.value.link == link
    assert links.live(purpose="nominate", subject=otto, now=NOW + timedelta(days=1)) is None


def test_a_revoked_link_stops_working_and_others_go_on(otto, rosalind):
    gone, stays = issue(otto, email="pa@example.org"), issue(otto, email="helen@example.org")
    assert links.revoke(purpose="nominate", subject=otto, now=NOW, email="pa@example.org") == 1
    with pytest.raises(links.LinkRevoked):
        links.resolve(gone.token, purpose="nominate", now=NOW)
    assert links.resolve(stays.token, purpose="nominate", now=NOW) == stays


def test_every_link_has_a_token_of_its_own(otto):
    assert len({issue(otto).token for _ in range(50)}) == 50


def test_a_link_outlives_a_change_of_key_while_the_old_key_is_kept(otto, settings):
    link = issue(otto)
    token = link.token
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key"
    assert links.resolve(token, purpose="nominate", now=NOW) == link
    assert links.live(purpose="nominate", subject=otto, now=NOW).token == token
    assert links.resolve(issue(otto).token, purpose="nominate", now=NOW) != link


def test_a_link_ends_with_its_key_and_a_new_one_can_be_mailed(otto, settings):
    link = issue(otto)
    token = link.token
    settings.SECRET_KEY = "another key"
    with pytest.raises(links.LinkExpired) as refused:
        links.resolve(token, purpose="nominate", now=NOW)
    assert refused.value.link == link
    assert links.live(purpose="nominate", subject=otto, now=NOW) is None
