"""Many people doing one thing at the same moment, each on a connection of their own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from leaders.people.refusals import NotPossible


def at_once(action: Callable, arguments: Iterable) -> tuple[int, int]:
    """How often `action` was done and how often refused, run for all `arguments` in parallel."""
    arguments = list(arguments)

    def run(argument) -> bool:
        try:
            action(argument)
        except NotPossible:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(len(arguments)) as pool:
        outcomes = list(pool.map(run, arguments))
    return outcomes.count(True), outcomes.count(False)


def fresh(instance, times: int) -> list:
    """The same row read once for each request."""
    return [type(instance).objects.get(pk=instance.pk) for _ in range(times)]
