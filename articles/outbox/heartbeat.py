"""Signs of life from the workers."""

from django.db import models


class Heartbeat(models.Model):
    """When each worker last reported, and what it was doing."""

    name = models.CharField(max_length=100, unique=True)
    at = models.DateTimeField()
    doing = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
