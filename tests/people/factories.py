"""Organisations and people for tests. Names are invented, addresses end in example.org."""

from datetime import UTC, datetime

import factory

from leaders.people.actions import grant_role
from leaders.people.models import Organisation, Person

KNOWN_AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


class OrganisationFactory(factory.django.DjangoModelFactory):
    """A health body unless another `kind` is asked for; see AuthorityFactory for councils."""

    class Meta:
        model = Organisation

    kind = Organisation.Kind.HEALTH
    name = factory.Sequence(lambda n: f"Organisation {n}")
    formal_name = factory.LazyAttribute(lambda o: f"{o.name} in full")
    slug = factory.Sequence(lambda n: f"organisation-{n}")


class AuthorityFactory(OrganisationFactory):
    """A London authority, with codes of its own that collide with no real one."""

    kind = Organisation.Kind.AUTHORITY
    name = factory.Sequence(lambda n: f"Borough {n}")
    formal_name = factory.LazyAttribute(lambda o: f"London Borough of {o.name}")
    slug = factory.Sequence(lambda n: f"borough-{n}")
    gss_code = factory.Sequence(lambda n: f"T{n:08}")
    short_code = factory.Sequence(lambda n: f"{n:03X}"[-3:])
    subregion = factory.Iterator(["Central", "East", "North", "South", "West"])
    inner_outer = "Inner"


class PersonFactory(factory.django.DjangoModelFactory):
    """Somebody known to the programmes; `role="director"` (or `roles=[...]`) also grants roles."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return Person.objects.create_user(*args, **kwargs)

    @factory.post_generation
    def role(self, create, extracted, **kwargs):
        if extracted:
            grant_role(person=self, role=extracted, by=None, now=KNOWN_AT)

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        for role in extracted or ():
            grant_role(person=self, role=role, by=None, now=KNOWN_AT)
