"""Every email of nominations and selection: one function each, in the order in which people receive them."""

from . import answering, ending, inviting, nominating, selecting

__all__ = ["answering", "ending", "inviting", "nominating", "selecting"]
