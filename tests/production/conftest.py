"""Production as compose.yaml runs it: PostgreSQL, Redis, production settings and the three processes."""

import http.client
import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

import psycopg
import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from psycopg import sql

from tests.processes import Processes
from tests.smtp import SmtpSink

HOST = "leaders.example.org"


@dataclass
class Site:
    """The running site, asked as the proxy in front of it asks."""

    port: int
    processes: Processes
    env: dict[str, str]
    sink: SmtpSink

    def request(self, method, path, body=None, *, proto="https", **headers):
        """Return status, headers (names in lower case; cookies as a list) and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        forwarded = {"Host": HOST, "X-Forwarded-Proto": proto, "X-Forwarded-For": "192.0.2.7"}
        connection.request(method, path, body, forwarded | headers)
        response = connection.getresponse()
        answer = response.status, response.headers, response.read()
        connection.close()
        return answer

    def get(self, path, **headers):
        return self.request("GET", path, **headers)


class Visitor:
    """A browser without JavaScript: keeps cookies and fills in the form of the page it is on."""

    def __init__(self, site: Site):
        self.site = site
        self.cookies: dict[str, str] = {}
        self.page = ""

    def open(self, path):
        return self._ask("GET", path)

    def post(self, path, **fields):
        """Send a form of the page with these fields filled in, and follow where it leads."""
        token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', self.page)[1]
        body = urlencode({"csrfmiddlewaretoken": token, **fields})
        form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}"}
        return self._ask("POST", path, body, **form)

    def _ask(self, method, path, body=None, **headers):
        """Return the status and the path of the page where it ends."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        status, answer, content = self.site.request(method, path, body, Cookie=cookie, **headers)
        for line in answer.get_all("Set-Cookie", []):
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        if status == 302:
            return self._ask("GET", answer["Location"])
        self.page = content.decode()
        return status, path


@pytest.fixture(scope="session")
def database():
    """An empty database on the test server, as a URL."""
    server = settings.DATABASES["default"]
    assert server["ENGINE"].endswith("postgresql"), "python3 dev test starts PostgreSQL and Redis for this"
    name = f"production_{secrets.token_hex(4)}"
    with psycopg.connect(host=server["HOST"], user=server["USER"], dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield f"postgres://{server['USER']}@/{server['HOST']}/{name}"
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def sink():
    with SmtpSink() as sink:
        yield sink


@pytest.fixture(scope="session")
def production(database, sink, tmp_path_factory):
    """The environment of the production processes."""
    folder = tmp_path_factory.mktemp("production")
    return {
        "BASE_URL": f"https://{HOST}",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": Fernet.generate_key().decode(),
        "DATABASE_URL": database,
        "DATABASE_POOL": "4",
        "REDIS_URL": settings.REDIS_URL,
        "EMAIL_URL": sink.url,
        "DEFAULT_FROM_EMAIL": "Leaders for London <programmes@example.org>",
        "VAR": str(folder / "var"),
        "STATIC_ROOT": str(folder / "static"),
    }


@pytest.fixture(scope="session")
def site(production, sink, tmp_path_factory):
    """Released and started: migrated, static files collected, web, worker and beat running."""
    processes = Processes(tmp_path_factory.mktemp("logs"))
    try:
        processes.manage("migrate", "--verbosity=0", env=production)
        processes.manage("createcachetable", env=production)
        processes.manage("setup", env=production)
        processes.manage("collectstatic", "--noinput", "--verbosity=0", env=production)
        port = processes.web(env=production)
        processes.worker(env=production)
        processes.beat(env=production)
        processes.wait(lambda: "ready." in processes.log("worker"))
        yield Site(port, processes, production, sink)
    finally:
        processes.end()


@pytest.fixture
def visitor(site):
    return Visitor(site)
