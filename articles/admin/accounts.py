"""Accounts and groups: nobody makes anybody more than they are themselves, and the log says who was given what."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, User

from ..access import privileges
from .logged import Logged


def refusal(beyond: list[str]) -> str:
    more = f" and {len(beyond) - 3} more" if len(beyond) > 3 else ""
    return f"You can only give permissions that you have yourself. Ask a superuser for {', '.join(beyond[:3])}{more}."


class AccountForm(UserChangeForm):
    """An account, changed by a colleague: `by`."""

    by = None

    def clean(self):
        data = super().clean()
        for name in ("groups", "user_permissions"):
            had = set(getattr(self.instance, name).all()) if self.instance.pk else set()
            given = [row for row in data.get(name) or () if row not in had]
            key = "groups" if name == "groups" else "permissions"
            if beyond := privileges.not_held(self.by, **{key: given}):
                self.add_error(name, refusal(beyond))
        return data


class GroupForm(forms.ModelForm):
    """A group, changed by a colleague: `by`."""

    by = None

    def clean_permissions(self):
        had = set(self.instance.permissions.all()) if self.instance.pk else set()
        chosen = self.cleaned_data["permissions"]
        if beyond := privileges.not_held(self.by, permissions=[row for row in chosen if row not in had]):
            raise forms.ValidationError(refusal(beyond))
        return chosen


class Guarded(Logged):
    """ModelAdmin mixin: tells the form who fills it in, and notes what was given and taken."""

    privileges_of: Any = None

    def get_form(self, request, obj=None, change=False, **kwargs):
        return type("Form", (super().get_form(request, obj, change=change, **kwargs),), {"by": request.user})

    def save_model(self, request, obj, form, change):
        obj.privileges_before = type(self).privileges_of(obj) if change else set()
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        obj = form.instance
        if said := privileges.difference(obj.privileges_before, type(self).privileges_of(obj)):
            self.note(request, "privileges_changed", obj, said)


class AccountAdmin(Guarded, UserAdmin):
    form = AccountForm
    fieldsets = [
        (None, {"fields": ["username", "password", ("first_name", "last_name"), "email"]}),
        ("What they may do", {"fields": ["is_active", "is_staff", "groups", "is_superuser"]}),
        ("Single permissions, besides those of the groups", {"classes": ["collapse"], "fields": ["user_permissions"]}),
        ("Dates", {"classes": ["collapse"], "fields": ["last_login", "date_joined"]}),
    ]  # fmt: skip
    privileges_of = staticmethod(privileges.of_user)

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found:
            found.changed_by = request.user
        return found

    def get_readonly_fields(self, request, obj=None):
        only = () if request.user.is_superuser else ("is_superuser",)
        return (*super().get_readonly_fields(request, obj), *only)

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not privileges.is_beyond(obj, request.user))

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not privileges.is_beyond(obj, request.user))


class GroupOfColleaguesAdmin(Guarded, GroupAdmin):
    form = GroupForm
    privileges_of = staticmethod(privileges.of_group)


for model, model_admin in ((User, AccountAdmin), (Group, GroupOfColleaguesAdmin)):
    admin.site.unregister(model)
    admin.site.register(model, model_admin)
