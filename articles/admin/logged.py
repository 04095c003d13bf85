"""What administrators set up, in the audit log: who changed which account, endpoint, site or section scope."""

import json

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from media.admin import SiteAdmin, UsageAdmin
from media.admin.ledger import UsageForm
from media.models import Site, Usage

from ..history.audit import AuditEntry
from .photo_field import PhotoPickerWidget


class Logged:
    """ModelAdmin mixin: what its forms add, change and delete stands in the audit log, too."""

    logged_as = ""
    """The noun of its entries; the model's name if empty."""

    def said_of(self, obj) -> str:
        """Return what the entry says besides the fields that changed."""
        return ""

    def log_addition(self, request, obj, message):
        self.note(request, "added", obj, self.said_of(obj))
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        if message:
            self.note(request, "edited", obj, f"{in_words(message)} {self.said_of(obj)}".strip())
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for obj in queryset:
            self.note(request, "deleted", obj, self.said_of(obj))
        return super().log_deletions(request, queryset)

    def note(self, request, deed, obj, note="") -> None:
        verb = f"{self.logged_as or self.opts.model_name}.{deed}"
        AuditEntry.record(verb, at=timezone.now(), by=request.user, subject=str(obj), note=note)


def in_words(message) -> str:
    """Return a change message of the admin as a sentence: “Changed Email and Groups.”"""
    return LogEntry(change_message=message if isinstance(message, str) else json.dumps(message)).get_change_message()


class LoggedSiteAdmin(Logged, SiteAdmin):
    pass


class PickedUsageForm(UsageForm):
    photo = forms.CharField(label="Photo", widget=PhotoPickerWidget("body"))


class LoggedUsageAdmin(UsageAdmin):
    """The ledger; who takes it away as a file is noted, and the photo of a use is chosen in the picker."""

    form = PickedUsageForm

    def csv(self, request):
        answer = super().csv(request)
        note = request.GET.urlencode()[:300]
        AuditEntry.record("usage.exported", at=timezone.now(), by=request.user, note=note)
        return answer


for model, model_admin in ((Site, LoggedSiteAdmin), (Usage, LoggedUsageAdmin)):
    admin.site.unregister(model)
    admin.site.register(model, model_admin)
