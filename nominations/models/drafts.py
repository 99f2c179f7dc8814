"""What a draft has while it is being written: sections that others fill in, and two texts of one page."""

from django.db import models
from django.db.models import Q

from .nomination import Nomination


class SharedSection(models.Model):
    """That a colleague fills in one section of a draft through a link of their own. The nominator still attests."""

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="shares")
    section = models.SlugField(max_length=20)
    name = models.CharField(max_length=150)
    email = models.EmailField(max_length=254)
    shared_at = models.DateTimeField()
    filled_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["shared_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "section", "email"], condition=Q(revoked_at=None), name="section_shared_once"
            ),
        ]

    def __str__(self):
        return f"{self.section} of {self.nomination} with {self.name}"


class Clash(models.Model):
    """A page saved from a stale tab: what was typed is kept beside what was saved meanwhile, until somebody chooses."""

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="clashes")
    page = models.CharField(max_length=80)
    typed = models.JSONField()
    kept_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "clashes"
        ordering = ["kept_at", "pk"]

    def __str__(self):
        return f"{self.page} of {self.nomination}, twice"
