from django.db import models


class Heartbeat(models.Model):
    """When each worker was last seen alive, and at what."""

    name = models.CharField(max_length=100, unique=True)
    at = models.DateTimeField()
    doing = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
