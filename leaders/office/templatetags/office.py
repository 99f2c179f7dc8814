"""What the office's own templates of the admin use: `{% load office %}`."""

from django import template
from django.core.exceptions import FieldDoesNotExist

from leaders.office.saying import said

register = template.Library()


@register.filter
def in_words(field) -> str:
    """What a field that is only looked at holds, as the house says it; empty where nothing is said."""
    name = field.field["field"]
    try:
        kept = field.form._meta.model._meta.get_field(name)
    except FieldDoesNotExist:
        return field.contents()
    if kept.is_relation or kept.choices:
        return field.contents()
    words = said(getattr(field.form.instance, name))
    return field.contents() if words is None else words
