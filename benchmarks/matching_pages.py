"""How long a director waits on matching day, from the click to the page: what-if, lock, dial, undo and all.

Each act is what a browser does: a POST is followed to the page it leads to, and both are counted. Wall time and
processor time of the process that answers, PostgreSQL on a Unix socket beside it; the median and the slowest of
several rounds. The floor is a bare Django view of the same run without any middleware, in the same run of this
program: it reads the same pairs and renders them as a plain table.

    python3 dev bench matching_pages              36, 60 and 298 people; 298 is the most that is solved in a request
    python3 dev bench matching_pages --quick      36 people, fewer rounds

Each size is tried with a mentor for everybody and, except in a hurry, with six mentors for ten people. A change counts
only if it made another proposal. Confirming comes last and is pressed once: of more pairs than are confirmed at once
the button asks the worker, whose time is the second figure.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

LIMIT = 300  # milliseconds
BARE = """<table>{% for pair in pairs %}<tr><th>{{ pair.place.person.name }}</th><td>{{ pair.mentor.person.name }}</td>
<td>{{ pair.fit }}</td></tr>{% endfor %}</table>"""


def set_up(folder: Path):
    """Django on a fresh database of its own, migrated; the server, to be stopped."""
    from tests.faults.databases import Postgres

    folder.chmod(0o755)
    server = Postgres(folder / "postgres")
    os.environ |= {
        "DATABASE_URL": server.url, "VAR": str(folder / "var"), "REDIS_URL": "", "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "leaders.settings",
    }  # fmt: skip
    import django
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment()
    call_command("migrate", verbosity=0)
    return server


def scene(people: int, seats: float):
    """A cohort with so many people, of whom `seats` mentor for each who asks, proposed; its director's client."""
    from django.test import Client

    from mentoring.actions import propose_match
    from mentoring.models import MenteeProfile, Mentor
    from tests.browsers import sign_in
    from tests.cohorts.factories import CohortFactory
    from tests.mentoring.factories import MATCHING_DAY, crowd
    from tests.people.factories import PersonFactory

    # Mentors serve every cohort: those of the round before would make this one larger.
    Mentor.objects.update(status="stood_down")
    director = PersonFactory(role="director")
    cohort = CohortFactory(contact=director)
    asking = round(people / (1 + seats))
    crowd(cohort, asking, seed=int(people * (1 + seats)))
    ready = Mentor.objects.approved().order_by("pk").values_list("pk", flat=True)
    Mentor.objects.filter(pk__in=list(ready[people - asking :])).update(status="stood_down")
    assert MenteeProfile.objects.filter(place__cohort=cohort).count() == asking
    propose_match(cohort=cohort, by=director, now=MATCHING_DAY)
    return cohort, sign_in(Client(), director)


class Watch:
    """Wall and processor milliseconds of what happens inside, in a list each."""

    def __init__(self):
        self.walls, self.spent = [], []

    def __enter__(self):
        self.began, self.used = time.perf_counter(), time.process_time()

    def __exit__(self, *_):
        self.walls.append((time.perf_counter() - self.began) * 1000)
        self.spent.append((time.process_time() - self.used) * 1000)


def acts(cohort, client):
    """What a director clicks: name -> the click, followed to its page."""
    from mentoring.models import Ruling

    address = f"/office/mentoring/matchrun/cohorts/{cohort.pk}/"

    def run():
        return cohort.match_runs.get(state="proposed")

    def pair(at=0):
        return run().pairs.exclude(mentor=None).order_by("pk")[at]

    def press(**posted):
        before = run().pk
        answer = client.post(address, {"run": before, **posted}, follow=True)
        assert answer.status_code == 200, answer.status_code
        assert run().pk != before, posted  # it was not refused

    def read(path):
        assert client.get(address + path).status_code == 200

    def let_go():
        ruling = Ruling.objects.filter(run=run()).first()
        press(do="let_go", place=ruling.place_id, mentor=ruling.mentor_id)

    left = run().pairs.filter(mentor=None).first()
    of_somebody_left = {"somebody without a mentor": lambda: read(f"people/{left.place_id}/")} if left else {}
    return {
        "the proposal": lambda: read(""),
        **of_somebody_left,
        "propose again": lambda: press(do="propose"),
        "a pair, its five next best priced": lambda: read(f"people/{pair().place_id}/"),
        "what if a mentor drops out": lambda: read(f"what-if/?mentor={pair().mentor_id}"),
        "keep a pair together": lambda: press(do="lock", place=pair().place_id, mentor=pair().mentor_id),
        "the page of the pair that is kept": lambda: read(f"people/{run().pairs.get(locked=True).place_id}/"),
        "let it go": let_go,
        "keep a pair apart": lambda: press(
            do="veto", place=pair().place_id, mentor=pair().mentor_id, reason="They sit on one board"
        ),
        "undo": lambda: press(do="undo"),
        "change two mentors": lambda: press(
            do="swap", place=pair().place_id, other=pair(1).place_id, reason="As asked"
        ),
        "undo that": lambda: press(do="undo"),
        "leave a mentor out": lambda: press(do="leave_out", mentor=pair().mentor_id),
        "undo that too": lambda: press(do="undo"),
        "turn the dial": lambda: press(do="dial", dial="total"),
        "turn it back": lambda: press(do="dial", dial="bands"),
    }


def confirm(cohort, client) -> list[Watch]:
    """Press the button once, then let the worker look for work."""
    from mentoring.models import Mentorship
    from mentoring.tasks import tick

    button, worker = Watch(), Watch()
    run = cohort.match_runs.get(state="proposed")
    with button:
        client.post(
            f"/office/mentoring/matchrun/cohorts/{cohort.pk}/confirm/?run={run.pk}", {"confirmed": "yes"}, follow=True
        )
    with worker:
        tick()
    assert Mentorship.objects.filter(cohort=cohort).count() == run.pairs.exclude(mentor=None).count()
    return [button, worker]


def floor(cohort, rounds: int) -> float:
    """Processor milliseconds of the bare view."""
    from django.http import HttpResponse
    from django.template import Context, Template
    from django.test import RequestFactory

    run, template = cohort.match_runs.get(state="proposed"), Template(BARE)
    watch = Watch()

    def view(request):
        pairs = run.pairs.select_related("place__person", "mentor__person").order_by("pk")
        return HttpResponse(template.render(Context({"pairs": pairs})))

    for _ in range(rounds):
        with watch:
            view(RequestFactory().get("/"))
    return statistics.median(watch.spent)


def measure(people: int, rounds: int, seats: float) -> None:
    """Print the table of one size, with so many mentors for each who asks."""
    from time_machine import travel

    from tests.mentoring.factories import MATCHING_DAY

    with travel(MATCHING_DAY, tick=True):
        cohort, client = scene(people, seats)
        clicks = acts(cohort, client)
        watches = {name: Watch() for name in clicks}
        for at in range(rounds + 1):
            for name, click in clicks.items():
                if at == 0:
                    click()  # the first fills what the process keeps
                    continue
                with watches[name]:
                    click()
        least = floor(cohort, 20)
        pairs = cohort.match_runs.get(state="proposed").pairs.exclude(mentor=None).count()
        button, worker = confirm(cohort, client)
    print(f"\n{people} people, {pairs} pairs. A bare view of them: {least:.1f} ms of processor.\n")
    print(f"| {'click to page':34} | wall, median | slowest | processor | of a bare view |")
    print("|---|---:|---:|---:|---:|")
    for name, watch in watches.items():
        spent = statistics.median(watch.spent)
        print(
            f"| {name:34} | {statistics.median(watch.walls):9.0f} ms | {max(watch.walls):4.0f} ms | {spent:6.0f} ms"
            f" | {spent / least:5.1f} x |"
        )
    print(
        f"\nConfirming {pairs} pairs, once: {button.walls[0]:.0f} ms from click to page, {button.spent[0]:.0f} of"
        f" processor; then {worker.spent[0]:.0f} ms of processor in the worker."
    )
    slowest = max(statistics.median(watch.walls) for watch in watches.values())
    print(
        f"\nThe slowest click takes {slowest:.0f} ms, {slowest / LIMIT:.0%} of the {LIMIT} ms that a cohort may take."
    )


def main() -> None:
    quick = "--quick" in sys.argv
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp") as name:
        server = set_up(Path(name))
        try:
            from tests.mentoring.factories import criteria

            criteria()
            for people, rounds in [(36, 3)] if quick else [(36, 9), (60, 9), (298, 3)]:
                for seats in [1.0] if quick else [1.0, 0.6]:
                    measure(people, rounds, seats)
            print(f"\nLoad of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors.")
        finally:
            from django.db import connections

            connections.close_all()
            server.stop()


if __name__ == "__main__":
    main()
