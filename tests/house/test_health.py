import pytest


@pytest.mark.django_db
def test_healthz_answers_that_the_database_is_there(client):
    response = client.get("/healthz/")

    assert (response.status_code, response.json()) == (200, {"database": "ok"})
