"""Limits users and groups to sections."""

from django.conf import settings
from django.db import models

from media.permissions import Actor

from ..directory.section import Section


class SectionScopeQuerySet(models.QuerySet):
    def allows(self, user: Actor, section: int | None) -> bool:
        """Return True if this user may work in the section with this id. A user without scopes may work in all of them."""
        if not self.limits(user):
            return True
        # A request may ask about two hundred stories of the same few sections.
        known: dict[int | None, bool] = user.__dict__.setdefault("sections_known", {})
        if section not in known:
            known[section] = any(row.covers(section) for row in user.section_scopes)
        return known[section]

    def limits(self, user: Actor) -> bool:
        """Return True if this user may work in some sections only."""
        if user.is_superuser:
            return False
        if not hasattr(user, "section_scopes"):
            rows = self.filter(models.Q(user=user) | models.Q(group__user=user))
            user.section_scopes = list(rows.prefetch_related("sections"))
        return bool(user.section_scopes)

    def named(self, user: Actor) -> set[int]:
        """Return the sections this user is limited to, without those below them."""
        return (
            {section.pk for row in user.section_scopes for section in row.sections.all()}
            if self.limits(user)
            else set()
        )


class SectionScope(models.Model):
    """Limits a role or a colleague to some sections; in all others they can only read."""

    group = models.ForeignKey("auth.Group", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    sections = models.ManyToManyField("Section", related_name="+", help_text="Includes the sections below them.")

    objects = SectionScopeQuerySet.as_manager()

    class Meta:
        verbose_name = "limit to sections"
        verbose_name_plural = "limits to sections"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(group__isnull=False, user__isnull=True)
                | models.Q(group__isnull=True, user__isnull=False),
                name="section_scope_of_group_or_user",
                violation_error_message="Choose either a group or a user, not both.",
            )
        ]

    def __str__(self) -> str:
        return f"Sections of {self.group or self.user}"

    def covers(self, section: int | None) -> bool:
        row = Section.objects.filter(pk=section).first()
        mine = {each.pk for each in self.sections.all()}
        return row is not None and any(each.pk in mine for each in row.lineage())
