from io import StringIO

from django.core.management import call_command

from cohorts.models import Programme, PublishingWindow
from cohorts.setup import load_programmes, load_publishing_windows
from leaders.people.models import Organisation
from leaders.people.setup import load_organisations
from tests.cohorts.factories import NOW


def test_setup_loads_the_33_authorities_with_codes_tiles_and_domains(db):
    load_organisations(NOW)
    authorities = Organisation.objects.authorities()
    assert authorities.count() == 33
    camden = authorities.get(name="Camden")
    assert (camden.gss_code, camden.short_code, camden.subregion) == ("E09000007", "CMD", "Central")
    assert (camden.tile_col, camden.tile_row, camden.email_domains) == (3, 2, ["camden.gov.uk"])
    assert authorities.values("tile_col", "tile_row").distinct().count() == 33


def test_setup_loads_organisations_of_every_other_kind(db):
    load_organisations(NOW)
    kinds = set(Organisation.objects.values_list("kind", flat=True))
    assert kinds == set(Organisation.Kind.values)
    assert set(Organisation.objects.of_kinds(["regional"]).values_list("name", flat=True)) >= {
        "Greater London Authority",
        "London Councils",
    }


def test_setup_loads_both_programmes_with_criteria_modules_and_requirements(db):
    assert load_programmes(NOW) == 2
    llp = Programme.objects.get(slug="london-leadership-programme")
    assert [module.title for module in llp.outline.all()] == [
        "Leading in the System",
        "Working in a Political Environment",
        "Addressing Inequality",
        "Leading in Communities",
        "Future of London",
        "Self in the System",
    ]
    assert (llp.criteria.count(), llp.nominations_per_organisation) == (4, 1)
    assert [asked.key for asked in llp.requirements.all()][-1] == "narrative"
    assert Programme.objects.get(slug="leaders-for-london").takes_applications


def test_module_2_has_a_text_of_its_own(db):
    load_programmes(NOW)
    one, two = Programme.objects.get(slug="london-leadership-programme").outline.all()[:2]
    assert one.description != two.description
    assert "members" in two.description


def test_setup_twice_adds_nothing_and_leaves_what_the_office_edited(db):
    call_command("setup", stdout=StringIO())
    Programme.objects.filter(slug="leaders-for-london").update(capacity=24)
    Organisation.objects.filter(name="Camden").update(email_domains=["camden.example.org"])
    again = StringIO()
    call_command("setup", stdout=again)
    assert {line.rsplit(" ", 2)[1] for line in again.getvalue().splitlines()} == {"0"}
    assert Programme.objects.get(slug="leaders-for-london").capacity == 24
    assert Organisation.objects.get(name="Camden").email_domains == ["camden.example.org"]


def test_setup_loads_the_known_pre_election_windows(db):
    assert load_publishing_windows(NOW) == 3
    assert not PublishingWindow.objects.filter(is_strict=True).exists()
