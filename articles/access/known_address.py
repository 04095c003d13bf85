"""Where colleagues signed in from, so that no stranger elsewhere keeps them out by typing wrong passwords."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

KEPT = timedelta(days=90)


class KnownAddressQuerySet(models.QuerySet):
    def knows(self, username: str, address: str) -> bool:
        return self.filter(user__username=username, address=address[:45]).exists()

    def note(self, user: AbstractBaseUser, address: str, at: datetime) -> None:
        """Remember that a colleague got in from here."""
        self.update_or_create(user=user, address=address[:45], defaults={"at": at})


class KnownAddress(models.Model):
    """An address from which a colleague signed in or chose a new password. Kept for 90 days after the last time."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=45, help_text="The client’s address; for IPv6, its first half.")
    at = models.DateTimeField(help_text="The last time.")

    objects = KnownAddressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "known addresses"
        constraints = [models.UniqueConstraint(fields=["user", "address"], name="known_address_once_per_user")]

    def __str__(self) -> str:
        return f"{self.user} from {self.address}"
