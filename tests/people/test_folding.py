"""A name is found however it is spelled, on either database."""

import pytest
from django.urls import reverse

from leaders.people.folding import fold
from leaders.people.models import Person
from tests.browsers import sign_in
from tests.people.factories import PersonFactory


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Zoë Ōkubo", "zoe okubo"),
        ("Łukasz Zieliński", "lukasz zielinski"),
        ("Lukasz Zielinski", "Łukasz Zieliński"),
        ("Nguyễn Thị Ánh", "nguyen thi anh"),
        ("Bjørn Ødegård", "BJORN ODEGARD"),
        ("Işıl Çelik", "isil celik"),
        ("Zoe\u0308 Brown", "Zoë"),
        ("Carmel O’Dowd", "o’dowd"),
        ("J. (Jay) Roberts-Clarke", "j. (jay) roberts-"),
    ],
)
@pytest.mark.django_db
def test_a_name_is_found_whatever_its_accents(name, typed):
    PersonFactory(name=name)
    PersonFactory(name="Somebody Else")
    assert [person.name for person in Person.objects.filter(name__folded=typed)] == [name]


@pytest.mark.parametrize("typed", ["z.e", "[a-z]", "zo*", "\\w", "^"])
@pytest.mark.django_db
def test_what_is_typed_is_no_pattern(typed):
    PersonFactory(name="Zoe Brown")
    assert not Person.objects.filter(name__folded=typed).exists()


def test_letters_of_other_alphabets_stay():
    assert (fold("Σοφία"), fold("李")) == ("σοφια", "李")


@pytest.mark.django_db
def test_the_office_finds_a_name_typed_on_an_english_keyboard(client, rosalind):
    lukasz = PersonFactory(name="Łukasz Zieliński")
    page = sign_in(client, rosalind).get(reverse("admin:search"), {"q": "lukasz"}).content.decode()
    assert reverse("admin:people_person_change", args=[lukasz.pk]) in page
