"""What modules reminds people of."""

from . import learning, year

__all__ = ["learning", "year"]
