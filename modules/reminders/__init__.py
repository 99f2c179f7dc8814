"""What modules reminds people of."""

from . import year

__all__ = ["year"]
