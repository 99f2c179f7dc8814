"""How an app joins the house: by the files it brings.

A frame (the participant's home, the office, the reminders …) owns a `Joint`:
an ordered list that apps above it fill by decorating functions in a file of an
agreed name. The frame finds those files by name, as Django finds `admin.py`, so
nothing below ever names anything above. `manage.py house` prints every joint.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Part:
    """One thing an app brings: its place in the order, its key, and the function or object itself."""

    order: int
    key: str
    title: str
    brings: Any
    module: str

    @property
    def app(self) -> str:
        return self.module.rpartition(".")[0]


class Joint:
    """An ordered, keyed list of parts that apps bring in files named `file`.py."""

    all: list["Joint"] = []

    def __init__(self, file: str, what: str):
        self.file = file
        self.what = what
        self._parts: dict[str, Part] = {}
        Joint.all.append(self)

    def add(self, brings: Any, *, order: int, key: str, module: str, title: str = "") -> None:
        """Add a part brought by `module`; a second part under the same key is a programming error."""
        known = self._parts.get(key)
        if known and known.module != module:
            raise ValueError(f"{self.file}: two parts are called {key!r}")
        self._parts[key] = Part(order, key, title or key, brings, module)

    def part(self, *, order: int, key: str = "", title: str = "") -> Callable:
        """Decorate a function to add it under `key` (its own name by default)."""

        def keep(function):
            self.add(function, order=order, key=key or function.__name__, title=title, module=function.__module__)
            return function

        return keep

    def __iter__(self) -> Iterator[Part]:
        return iter(sorted(self._parts.values(), key=lambda part: (part.order, part.key)))

    def __getitem__(self, key: str) -> Part:
        return self._parts[key]

    def title_of(self, key: str) -> str:
        """What people call the part; rows outlive the parts they name, and then it is the key itself."""
        return self._parts[key].title if key in self._parts else key

    def __contains__(self, key: str) -> bool:
        return key in self._parts

    def __len__(self) -> int:
        return len(self._parts)
