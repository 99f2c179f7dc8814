"""How fast and how lean the mentor matching is, beside other ways to assign people to each other.

Every contender gets the same seeded people in a process of its own: what participants' weights and mentors' levels
are, and who works where. Scoring and the rule against the same organisation are part of what is timed. All seats are
single, because most peers know no others. The peers look for the highest total or, like `matching`, for stable pairs;
ours goes through all seven aims and keeps a proof. lapx, matching and mentor-match are installed into throw-away
environments, and left out with a word where they cannot be fetched. The last column is CPU time against ours. What it
showed is kept in docs/matching.md.

    python3 dev bench matching                          60, 300 and 1,000 people, a few minutes
    python3 dev bench matching --sizes=5000,10000       6 GB for OR-Tools with all arcs, which is then the fastest peer
    python3 dev bench matching --only=ours,lapx,scipy   some contenders; --equal-only for degenerate scores alone
"""

import argparse
import contextlib
import json
import platform
import resource
import signal
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

CRITERIA = 8
COUNCILS = 33
HERE = "here"
# Contender: (package to install, or HERE for the development environment; the largest size worth starting).
CONTENDERS = {
    "ours": (HERE, 10**9),
    "scipy linear_sum_assignment": (HERE, 5_000),
    "OR-Tools, all arcs": (HERE, 10_000),
    "lapx lapjv": ("lapx", 10_000),
    "lapx lapjvs": ("lapx", 10_000),
    "matching": ("matching", 1_000),
    "mentor-match": ("mentor-match", 1_000),
}
DEAR = 1_000_000
"""What a forbidden pair costs a peer that cannot leave it out."""


# --- the people


def problem(size: int, *, equal: bool):
    """As many mentees as mentors, seeded; with `equal`, everybody fits everybody alike."""
    import numpy as np

    from mentoring.matching import Criterion, Mentee, Mentor, Problem, Weights

    r = np.random.default_rng(size)
    keys = [f"theme:{number}" for number in range(CRITERIA)]
    levels = r.integers(0, 5, (size, CRITERIA)) * (not equal) + 2 * equal
    wants = r.integers(0, 5, (size, CRITERIA)) * (not equal) + 2 * equal
    councils = r.integers(0, COUNCILS, (2, size))
    return Problem(
        on=date(2027, 5, 14),
        mentors=tuple(
            Mentor(
                f"mentor-{j:05}",
                organisation=f"Council {councils[0, j]}",
                trained_on=date(2026, 9, 1),
                offers=dict(zip(keys, levels[j].tolist(), strict=True)),
            )
            for j in range(size)
        ),
        mentees=tuple(
            Mentee(
                f"mentee-{i:05}",
                organisation=f"Council {councils[1, i]}",
                wants=dict(zip(keys, wants[i].tolist(), strict=True)),
            )
            for i in range(size)
        ),
        weights=Weights(tuple(Criterion(key, 1 + number % 3) for number, key in enumerate(keys))),
    )


def write_for_peers(size: int, path: Path, *, equal: bool) -> None:
    """The same people as plain arrays."""
    import numpy as np

    from mentoring.matching.fit import Profiles

    people = problem(size, equal=equal)
    profiles = Profiles(people.weights, people.mentees, people.mentors)
    councils = [[int(p.organisation.split()[1]) for p in side] for side in (people.mentees, people.mentors)]
    np.savez(path, weights=profiles.weights[:, :CRITERIA], levels=profiles.levels, councils=np.array(councils))


# --- the contenders: each takes what it needs and returns pairs as [(mentee, mentor)]


def ours(people) -> list[tuple[int, int]]:
    from mentoring.matching import solve

    result = solve(people)
    return [(int(pair.mentee[7:]), int(pair.mentor[7:])) for pair in result.pairs]


def scored(arrays):
    """Fit as float32 and the forbidden pairs, as quickly as numpy does it."""
    import numpy as np

    fit = arrays["weights"].astype(np.float32) @ arrays["levels"].T.astype(np.float32)
    return fit, arrays["councils"][0][:, None] == arrays["councils"][1]


def cost_matrix(arrays, kind):
    import numpy as np

    fit, forbidden = scored(arrays)
    np.subtract(4000, fit, out=fit)
    fit[forbidden] = DEAR
    return fit.astype(kind, copy=False)


def scipy_lsa(arrays):
    from scipy.optimize import linear_sum_assignment

    return list(zip(*(side.tolist() for side in linear_sum_assignment(cost_matrix(arrays, "f8"))), strict=True))


def or_tools(arrays):
    import numpy as np
    from ortools.graph.python import linear_sum_assignment

    fit, forbidden = scored(arrays)
    i, j = np.nonzero(~forbidden)
    solver = linear_sum_assignment.SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(i, j, (4000 - fit[i, j]).astype(np.int64))
    solver.solve()
    return [(k, solver.right_mate(k)) for k in range(solver.num_nodes())]


def lapjv(arrays):
    import lap

    _, row, _ = lap.lapjv(cost_matrix(arrays, "f8"))
    return list(enumerate(row.tolist()))


def lapjvs(arrays):
    import lap

    _, row, _ = lap.lapjvs(cost_matrix(arrays, "f4"), return_cost=True, jvx_like=False)
    return list(enumerate(row.tolist()))


def stable(arrays):
    from matching.games import HospitalResident

    fit, forbidden = scored(arrays)
    fit[forbidden] = -1

    def ranked(scores):
        return {
            str(k): [str(other) for other in (-row).argsort(kind="stable").tolist() if row[other] >= 0]
            for k, row in enumerate(scores)
        }

    mentors = ranked(fit.T)
    game = HospitalResident.create_from_dictionaries(ranked(fit), mentors, dict.fromkeys(mentors, 1))
    return [(int(one.name), int(mentor.name)) for mentor, chosen in game.solve().items() for one in chosen]


def mentor_match(arrays):
    from matching.mentee import Mentee
    from matching.mentor import Mentor
    from matching.process import process_data
    from matching.rules.rule import Disqualify, Rule

    weights, levels = arrays["weights"].tolist(), arrays["levels"].tolist()

    class Fit(Rule):
        def apply(self, match):
            wanted, offered = weights[int(match.mentee.email)], levels[int(match.mentor.email)]
            return sum(weight * level for weight, level in zip(wanted, offered, strict=True))

        def evaluate(self, match):
            return True

    def person(kind, number, council):
        return kind(email=str(number), grade=1, organisation=int(council))

    mentees = [person(Mentee, number, council) for number, council in enumerate(arrays["councils"][0])]
    mentors = [person(Mentor, number, council) for number, council in enumerate(arrays["councils"][1])]
    apart = Disqualify(lambda match: match.mentor.organisation == match.mentee.organisation)
    process_data(mentors, mentees, [[Fit(), apart]])
    return [(int(mentee.email), int(mentor.email)) for mentee in mentees for mentor in mentee.mentors]


RUN = {
    "ours": ours,
    "scipy linear_sum_assignment": scipy_lsa,
    "OR-Tools, all arcs": or_tools,
    "lapx lapjv": lapjv,
    "lapx lapjvs": lapjvs,
    "matching": stable,
    "mentor-match": mentor_match,
}


def contend(name: str, size: int, folder: Path, limit: int, *, equal: bool) -> None:
    """In a process of its own: warm up, run for half a second at least, print what one run took.

    The kernel ends the process at its limit.
    """
    sys.setrecursionlimit(100_000)

    def given(count):
        if name == "ours":
            return problem(count, equal=equal)
        import numpy as np

        return dict(np.load(folder / f"{count}{'-equal' * equal}.npz"))

    RUN[name](given(20))
    people = given(size)
    end = int(time.process_time()) + limit
    resource.setrlimit(resource.RLIMIT_CPU, (end, end + 5))
    cpu, wall, runs = time.process_time(), time.perf_counter(), 0
    while not runs or time.process_time() < cpu + 0.5:
        pairs = RUN[name](people)
        runs += 1
    cpu, wall = (time.process_time() - cpu) / runs, (time.perf_counter() - wall) / runs
    print(json.dumps({"cpu": cpu, "wall": wall, "peak": peak(), "pairs": pairs}))


def peak() -> float:
    """The most memory this process has held, in MB. ru_maxrss would count what its parent held when it forked."""
    rows = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(row.split()[1]) / 1024 for row in rows if row.startswith("VmHWM"))


# --- the table


def installed(packages: set[str], folder: Path) -> dict[str, str]:
    """The interpreter for each package, without those that cannot be fetched."""
    found = {HERE: sys.executable}
    for package in sorted(packages - {HERE}):
        python = folder / package / "bin" / "python"
        with contextlib.suppress(subprocess.CalledProcessError, subprocess.TimeoutExpired):
            subprocess.run([sys.executable, "-m", "venv", folder / package], check=True, timeout=120)
            subprocess.run(
                [python, "-m", "pip", "install", "--quiet", package, "numpy"],
                check=True, timeout=300, capture_output=True,
            )  # fmt: skip
            found[package] = str(python)
        if package not in found:
            print(f"{package} could not be installed here and is left out.")
    return found


def measure(python: str, name: str, size: int, folder: Path, limit: int, *, equal: bool) -> dict | str:
    command = [
        python, "-P", __file__, f"--contender={name}", f"--size={size}", f"--folder={folder}", f"--limit={limit}",
        *["--equal"] * equal,
    ]  # fmt: skip
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode == -signal.SIGXCPU:
        return f"stopped after {limit} s of CPU"
    if run.returncode:
        return f"failed: {(run.stderr.strip().splitlines() or ['no words'])[-1][:80]}"
    return json.loads(run.stdout.splitlines()[-1])


def judge(found: dict, size: int, folder: Path, *, equal: bool) -> dict:
    """Count, lowest and total of the pairs, without any that are forbidden."""
    import numpy as np

    arrays = np.load(folder / f"{size}{'-equal' * equal}.npz")
    i, j = np.array(found.pop("pairs"), dtype=np.int64).reshape(-1, 2).T
    fine = arrays["councils"][0][i] != arrays["councils"][1][j]
    fits = (arrays["weights"][i[fine]] * arrays["levels"][j[fine]]).sum(axis=1)
    return found | {"matched": len(fits), "lowest": int(fits.min(initial=4000)), "total": int(fits.sum())}


def line(name: str, found: dict | str, ours: float) -> str:
    if isinstance(found, str):
        return f"  {name:<28} {found}"
    return (
        f"  {name:<28} {found['matched']:>7,} {found['lowest']:>7,} {found['total']:>11,}"
        f" {found['cpu']:>9.4f} {found['wall']:>9.4f} {found['peak']:>8,.0f} {found['cpu'] / ours:>7.2f}"
    )


def compare(sizes: list[int], names: list[str], limit: int, *, kinds: list[bool]) -> None:
    print(f"{machine()}\nAt most {limit} s of CPU each.")
    with tempfile.TemporaryDirectory(prefix="matching-bench-") as scratch:
        folder = Path(scratch)
        pythons = installed({CONTENDERS[name][0] for name in names}, folder)
        for equal in kinds:
            for size in (20, *sizes):
                write_for_peers(size, folder / f"{size}{'-equal' * equal}.npz", equal=equal)
            for size in sizes:
                print(f"\n{size:,} mentees, {size:,} mentors{', all scores equal' * equal}")
                print(f"  {'':<28} matched  lowest       total     CPU s    wall s  peak MB  x ours")
                ours = float("nan")
                for name in names:
                    package, largest = CONTENDERS[name]
                    if package not in pythons or (equal and name != "ours"):
                        continue
                    found: dict | str = f"not started above {largest:,}"
                    if size <= largest:
                        found = measure(pythons[package], name, size, folder, limit, equal=equal)
                    if not isinstance(found, str):
                        found = judge(found, size, folder, equal=equal)
                        ours = found["cpu"] if name == "ours" else ours
                    print(line(name, found, ours), flush=True)


def machine() -> str:
    """The processor, its cores, and what matters of the software."""
    from importlib.metadata import version
    from os import cpu_count

    information = Path("/proc/cpuinfo")
    text = information.read_text(encoding="utf-8") if information.exists() else ""
    model = next((row.split(":")[1].strip() for row in text.splitlines() if row.startswith("model name")), "")
    software = ", ".join(f"{name} {version(name)}" for name in ("ortools", "numpy", "scipy"))
    return f"{model or platform.machine()}, {cpu_count()} cores; Python {platform.python_version()}, {software}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="60,300,1000")
    parser.add_argument("--limit", type=int, default=300, help="seconds of CPU for one contender at one size")
    parser.add_argument("--only", default="", help="parts of the contenders' names, with commas between")
    parser.add_argument("--equal-only", action="store_true", help="only people who all fit alike")
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--equal", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.contender:
        contend(given.contender, given.size, given.folder, given.limit, equal=given.equal)
        return
    wanted = [part for part in given.only.split(",") if part]
    names = [name for name in CONTENDERS if not wanted or any(part in name for part in wanted)]
    sizes = [int(size) for size in given.sizes.split(",")]
    compare(sizes, names, given.limit, kinds=[True] if given.equal_only else [False, True])


if __name__ == "__main__":
    main()
