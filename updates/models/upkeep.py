"""What Watchweb does for itself every minute, and when it last did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Job(models.TextChoices):
    """The jobs of the tick, in their order."""

    RECOVERY = "recovery", _("Recovery")
    CLEAN_UP = "clean-up", _("Clean-up")
    MESSAGES = "messages", _("Messages")


class UpkeepQuerySet(models.QuerySet["Upkeep"]):
    @contextmanager
    def noted(self, job: Job) -> Iterator[None]:
        """What is done inside is this job; when it began and how long it took is kept."""
        began_at, begin = timezone.now(), monotonic()
        yield
        facts = {"began_at": began_at, "seconds": monotonic() - begin}
        if not self.filter(job=job).update(**facts):
            self.update_or_create(job=job, defaults=facts)


class Upkeep(models.Model):
    """The last time of one job that came to its end."""

    job = models.CharField(max_length=20, choices=Job.choices, unique=True)
    began_at = models.DateTimeField()
    seconds = models.FloatField(default=0)

    objects = UpkeepQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "upkeep"
        ordering = ("job",)

    def __str__(self) -> str:
        return self.get_job_display()
