"""What modules brings to the participant's home."""

from . import year

__all__ = ["year"]
