"""The kinds of PDF that apps bring, in their `documents.py`."""

from collections.abc import Callable
from dataclasses import dataclass

from leaders.people.joining import Joint
from leaders.people.models import Person

kinds = Joint("documents", "Documents that are rendered as PDF/UA")


@dataclass(frozen=True)
class Source:
    """What a document is made from: a template under `templates/` and its context."""

    title: str
    filename: str
    template: str
    context: dict


@dataclass(frozen=True)
class Kind:
    """`model` names the subject; `source(subject)` collects the content; `visible_to(subject, person)`: who may."""

    key: str
    title: str
    model: type
    source: Callable[..., Source]
    visible_to: Callable[..., bool]


def document(*, key: str, title: str, model: type, visible_to: Callable[[object, Person], bool], order: int = 100):
    """Bring a kind of document: decorate the function that returns its `Source`."""

    def keep(function):
        kind = Kind(key=key, title=title, model=model, source=function, visible_to=visible_to)
        kinds.add(kind, order=order, key=key, title=title, module=function.__module__)
        return function

    return keep
