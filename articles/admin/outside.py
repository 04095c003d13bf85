"""What leaves the house: webhook endpoints and their deliveries."""

from django.contrib import admin, messages
from django.utils.html import format_html, format_html_join

from ..models import Delivery, Endpoint
from .lists import NeverWritten, QuickList


@admin.register(Endpoint)
class EndpointAdmin(QuickList):
    list_display = ["name", "url", "events", "is_listening"]
    search_fields = ["name", "url"]
    readonly_fields = ["secret", "created_at"]

    @admin.display(boolean=True, description="listening")
    def is_listening(self, endpoint):
        return endpoint.disabled_at is None


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
    def state_pill(self, delivery):
        look = {"pending": "coming", "delivered": "live", "failed": "gone"}[delivery.state]
        return format_html('<span class="pill pill-{}">{}</span>', look, delivery.get_state_display())

    @admin.display(description="every try")
    def tries_made(self, delivery):
        return format_html("<ol>{}</ol>", format_html_join("", "<li>{}</li>", ((entry,) for entry in delivery.log)))

    def has_redeliver_permission(self, request):
        return request.user.has_perm("articles.change_delivery")

    @admin.action(description="Deliver again", permissions=["redeliver"])
    def redeliver(self, request, deliveries):
        for delivery in deliveries:
            delivery.redeliver()
        messages.success(request, f"{len(deliveries)} deliveries wait to be sent again.")
