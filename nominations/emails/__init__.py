"""Every email of nominations and selection: one function each, in the order in which people receive them."""

from . import inviting, nominating, selecting

__all__ = ["inviting", "nominating", "selecting"]
