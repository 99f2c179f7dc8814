"""A rig of real processes: PostgreSQL and Redis of its own, or SQLite and the file broker."""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from tests import migrated
from tests.faults.databases import Postgres, Sqlite
from tests.faults.rig import QUICK, WRITE_ONE, Rig
from tests.faults.sink import Sink
from tests.processes import Processes


class Redis:
    """A Redis server of our own on a Unix socket."""

    def __init__(self, folder: Path):
        self.socket = folder / "redis"
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self.socket, "--dir", self.socket.parent, "--save", ""],
            stdout=subprocess.DEVNULL,
        )
        while not self.socket.exists():
            assert self.process.poll() is None, "Redis did not start"
            time.sleep(0.02)

    @property
    def url(self) -> str:
        return f"redis+socket://{self.socket}"

    def say(self, *words: str) -> str:
        command = ["redis-cli", "-s", str(self.socket), *words]
        return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout

    def stop(self):
        self.process.kill()
        self.process.wait(10)
        self.socket.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def short_folder():
    """In /tmp whatever TMPDIR says: the path of a socket must be short."""
    folder = Path(tempfile.mkdtemp(prefix="faults-", dir="/tmp"))
    folder.chmod(0o755)  # PostgreSQL runs as another user
    yield folder
    shutil.rmtree(folder)


def prepared(database, folder: Path):
    """The database migrated, with one message to copy."""
    processes = Processes(folder)
    env = QUICK | {"DATABASE_URL": database.url, "VAR": str(folder / "var"), "BASE_URL": "http://localhost:8000"}
    migrated.fill(database.url)
    processes.manage("shell", "-c", WRITE_ONE, env=env)
    database.ask("UPDATE outbox_message SET state = 'skipped' WHERE dedupe_key = 'sample'")
    return database


@pytest.fixture(scope="session")
def postgres(short_folder):
    server = Postgres(short_folder / "postgres")
    yield prepared(server, short_folder)
    server.stop()


@pytest.fixture(scope="session")
def sqlite(short_folder):
    return prepared(Sqlite(short_folder / "template.sqlite3"), short_folder)


@pytest.fixture
def redis(short_folder, request):
    folder = Path(tempfile.mkdtemp(dir=short_folder))
    server = Redis(folder)
    yield server
    server.stop()


@pytest.fixture
def sink():
    with Sink() as sink:
        yield sink


@pytest.fixture
def production_rig(postgres, redis, sink, tmp_path):
    """PostgreSQL and Redis."""
    rig = Rig(database=postgres.fresh(tmp_path.name), broker={"REDIS_URL": redis.url}, sink=sink, folder=tmp_path)
    yield rig
    rig.end()


@pytest.fixture
def embedded_rig(sqlite, sink, tmp_path):
    """SQLite and the file broker."""
    rig = Rig(database=sqlite.fresh(tmp_path.name), broker={"REDIS_URL": ""}, sink=sink, folder=tmp_path)
    yield rig
    rig.end()


@pytest.fixture(params=["production_rig", "embedded_rig"], ids=["PostgreSQL and Redis", "SQLite and files"])
def rig(request):
    return request.getfixturevalue(request.param)
