"""What is sent out and who writes from outside: webhook endpoints, their deliveries, API tokens."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from media.admin.fields import EndField
from media.counted import counted

from ..history.kinds import Kind
from ..models import EVENTS, ApiToken, Delivery, Endpoint, Section
from .lists import NeverWritten, QuickList
from .logged import Logged
from .requests import StaffRequest

NOUNS = {
    "article": "Stories", "photo": "Photos", "person": "People", "work": "Works", "section": "Sections", "tag": "Tags",
    "author": "Authors",
}  # fmt: skip


def events_by_noun() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return every event with what it says, under what it is about."""
    about: dict[str, list[tuple[str, str]]] = {}
    for name, said in EVENTS.items():
        about.setdefault(NOUNS[name.partition(".")[0]], []).append((name, f"{name}: {said}"))
    return list(about.items())


class EndpointForm(forms.ModelForm):
    """Events, kinds and sections are stored as lists, which people choose from what there is."""

    events = forms.MultipleChoiceField(
        choices=events_by_noun, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Select the events this address receives. Select none to receive every event, including those added later.",
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label="Kinds of story", choices=Kind.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Only stories of these kinds. Select none for every kind. Events about people, photos and so on are always sent.",
    )  # fmt: skip
    sections = forms.ModelMultipleChoiceField(
        Section.objects.select_related("parent__parent__parent"), required=False,
        help_text="Only stories in these sections and the sections below them. Select none for every section.",
    )  # fmt: skip

    class Meta:
        model = Endpoint
        fields = ["name", "url", "events", "kinds", "sections"]

    def clean_sections(self) -> list[int]:
        return sorted(section.pk for section in self.cleaned_data["sections"])


@admin.register(Endpoint)
class EndpointAdmin(Logged, QuickList):
    form = EndpointForm
    change_form_template = "admin/articles/endpoint_change_form.html"
    list_display = ["name", "url", "receives", "is_listening"]
    search_fields = ["name", "url"]
    readonly_fields = ["secret", "created_at", "failing_since", "paused_until", "disabled_at", "disabled_reason"]

    @admin.display(boolean=True, description="listening")
    def is_listening(self, endpoint: Endpoint) -> bool:
        return endpoint.disabled_at is None

    @admin.display(description="events")
    def receives(self, endpoint: Endpoint) -> str:
        return ", ".join(endpoint.events) or "every event"

    def get_fields(self, request: StaffRequest, obj: Endpoint | None = None) -> list[str]:
        return ["name", "url", "events", "kinds", "sections", *(self.readonly_fields if obj else [])]

    def get_urls(self) -> list[URLPattern]:
        view = require_POST(self.admin_site.admin_view(self.switch))
        return [path("<int:pk>/switch/", view, name="articles_endpoint_switch"), *super().get_urls()]

    def switch(self, request: StaffRequest, pk: int) -> HttpResponse:
        """Switch an endpoint on or off, as the button says."""
        endpoint = get_object_or_404(Endpoint, pk=pk)
        on, now = request.POST.get("to") == "on", timezone.now()
        if on:
            endpoint.switch_on(now=now, by=request.user)
        else:
            endpoint.switch_off(reason=f"By {request.user}.", now=now, by=request.user)
        said = (
            "Switched on. Waiting events are being sent now."
            if on
            else "Switched off. Nothing is sent until you switch it on."
        )
        messages.success(request, said)
        return HttpResponseRedirect(reverse("admin:articles_endpoint_change", args=[pk]))


@admin.register(Delivery)
class DeliveryAdmin(NeverWritten):
    list_display = ["event", "endpoint", "state_pill", "tries", "due_at", "delivered_at"]
    list_filter = ["state", "event", "endpoint"]
    list_select_related = ["endpoint"]
    actions = ["redeliver"]
    fields = ["event", "endpoint", "state", "payload", "tries_made", "created_at", "due_at", "delivered_at"]

    class Media:
        css = {"all": ["articles/admin.css"]}

    @admin.display(description="state", ordering="state")
    def state_pill(self, delivery: Delivery) -> SafeString:
        look = {"pending": "coming", "delivered": "live", "failed": "gone"}[delivery.state]
        return format_html('<span class="pill pill-{}">{}</span>', look, delivery.get_state_display())

    @admin.display(description="attempts")
    def tries_made(self, delivery: Delivery) -> SafeString:
        return format_html("<ol>{}</ol>", format_html_join("", "<li>{}</li>", ((entry,) for entry in delivery.log)))

    def has_redeliver_permission(self, request: StaffRequest) -> bool:
        return request.user.has_perm("articles.change_delivery")

    @admin.action(description="Deliver again", permissions=["redeliver"])
    def redeliver(self, request: StaffRequest, deliveries: QuerySet[Delivery]) -> None:
        for delivery in deliveries:
            delivery.redeliver()
        messages.success(request, f"Queued again: {counted(len(deliveries), 'delivery', 'deliveries')}.")


class TokenForm(forms.ModelForm):
    maker: User

    class Meta:
        model = ApiToken
        fields = ["name", "user", "expires_at"]
        field_classes = {"expires_at": EndField}

    def clean_user(self) -> User:
        """Return the colleague, refused if the token could do more than its maker may."""
        user, maker = self.cleaned_data["user"], self.maker
        if not (user.is_active and user.is_staff):
            raise forms.ValidationError("Choose an active colleague. A token acts in a colleague’s name.")
        if not maker.is_superuser and (user.is_superuser or user.get_all_permissions() - maker.get_all_permissions()):
            raise forms.ValidationError("This colleague has more permissions than you. Ask an administrator.")
        return user


@admin.register(ApiToken)
class ApiTokenAdmin(QuickList):
    form = TokenForm
    list_display = ["name", "user", "prefix", "created_at", "expires_at", "last_used_at", "revoked_at"]
    list_select_related = ["user"]
    search_fields = ["name", "user__username"]
    fields = ["name", "user", "expires_at"]
    actions = ["revoke"]

    def get_form(
        self, request: StaffRequest, obj: ApiToken | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        return type("Form", (super().get_form(request, obj, change, **kwargs),), {"maker": request.user})

    def has_change_permission(self, request: StaffRequest, obj: ApiToken | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: StaffRequest, obj: ApiToken | None = None) -> bool:
        return False

    def has_revoke_permission(self, request: StaffRequest) -> bool:
        return request.user.has_perm("articles.change_apitoken")

    def save_model(self, request: StaffRequest, obj: ApiToken, form: forms.ModelForm, change: bool) -> None:
        made, words = ApiToken.objects.issue(
            obj.user, name=obj.name, expires_at=obj.expires_at, by=request.user, at=timezone.now()
        )
        obj.pk = made.pk
        messages.warning(request, f"Copy the token now. It will not be shown again: {words}")

    @admin.action(description="Revoke", permissions=["revoke"])
    def revoke(self, request: StaffRequest, tokens: QuerySet[ApiToken]) -> None:
        for token in tokens:
            token.revoke(by=request.user)
        messages.success(request, "Revoked. They no longer work.")
