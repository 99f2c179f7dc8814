"""The kinds of PDF that apps bring, in their `documents.py`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

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
    """`model` names the subject; `source(subject)` collects the content; `visible_to(subject, person)`: who may.

    `naming(person)` are the subjects whose document has this person's name in it, and None of a kind whose documents
    stay when somebody is erased. `back(subject, person)` is the page that this person came from, or empty.
    """

    key: str
    title: str
    model: type
    source: Callable[..., Source]
    visible_to: Callable[..., bool]
    naming: Callable[[Person], QuerySet] | None = None
    back: Callable[..., str] = lambda subject, person: ""


def document(
    *,
    key: str,
    title: str,
    model: type,
    visible_to: Callable[[object, Person], bool],
    naming: Callable[[Person], QuerySet] | None = None,
    back: Callable[..., str] = Kind.back,
    order: int = 100,
):
    """Bring a kind of document: decorate the function that returns its `Source`."""

    def keep(function):
        kind = Kind(key, title, model, function, visible_to, naming, back)
        kinds.add(kind, order=order, key=key, title=title, module=function.__module__)
        return function

    return keep
