"""What modules brings to the participant's home."""

from . import learning, year

__all__ = ["learning", "year"]
