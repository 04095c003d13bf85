"""Failed logins, counted to slow down password guessing."""

from datetime import datetime
from typing import Self

from django.db import models


class LoginFailureQuerySet(models.QuerySet):
    def recent(self, name: str, address: str, since: datetime) -> Self:
        return self.filter(name=name, address=address, at__gt=since)


class LoginFailure(models.Model):
    """A failed login, kept for 15 minutes."""

    name = models.CharField(max_length=150)
    address = models.CharField(max_length=45)
    at = models.DateTimeField()

    objects = LoginFailureQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["name", "address", "at"], name="login_failure_recent")]

    def __str__(self) -> str:
        return f"{self.name} from {self.address}"
