"""The page that erases a name: what is deleted or changed, what is kept and why, the reason, and then a certificate.

It has the look and the sentences of the page that seals a story.
"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode

from media.admin import PhotographerAdmin
from media.admin.refill import refused
from media.models import Photographer

from ..models import AuditEntry
from ..stories.erasing import OUT_OF_REACH, Named, is_erasure
from .requests import StaffRequest

WHAT_IT_DOES = (
    "Erasing is for court orders and data-protection requests. It deletes the page and every link to it, and takes the "
    "name out of the newsroom’s own notes. What was published stays, and is counted below."
)
WHAT_IT_DOES_IN_TEXTS = (
    "Erasing is for court orders and data-protection requests. It takes the name out of the newsroom’s own notes. What "
    "readers were told stays, and is counted below."
)


class Erasable(admin.ModelAdmin):
    """An admin whose rows have a page that erases them, with a link to it on the form."""

    change_form_template = "admin/articles/erasable_change_form.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.erase_view)
        return [path("<int:pk>/erase/", view, name=erase_route(self.model)), *super().get_urls()]

    def render_change_form(
        self, request: StaffRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj")
        if row is not None and row.pk:
            context["erase_url"] = erase_url(row)
        return super().render_change_form(request, context, *args, **kwargs)

    def erase_view(self, request: StaffRequest, pk: int) -> HttpResponse:
        """Show what erasing does; on POST, erase and lead to the certificate."""
        _require(request)
        row = get_object_or_404(self.model, pk=pk)
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])
        return _page(self, request, Named.of(row), back=back, back_to=str(row))


class ErasableNames(Erasable):
    """The admin of people: erases names that belong to no row, too, and shows the certificates of all."""

    change_list_template = "admin/articles/person_change_list.html"

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("erase-name/", guarded(self.erase_name_view), name="articles_person_erase_name"),
            path("erased/<int:pk>/", guarded(self.erased_view), name="articles_person_erased"),
            *super().get_urls(),
        ]

    def erase_name_view(self, request: StaffRequest) -> HttpResponse:
        """Ask for a name; then show where it stands, and erase it on POST."""
        _require(request)
        name = (request.POST.get("name") or request.GET.get("name") or "").replace("\0", "")[:200]
        back, back_to = reverse("admin:articles_person_changelist"), "people"
        if name:
            try:
                return _page(self, request, Named.called(name), back=back, back_to=back_to)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
        context = _frame(self, request, "Erase a name") | {"back": back, "back_to": back_to, "name": name}
        return TemplateResponse(request, "admin/articles/erase_name.html", context)

    def erased_view(self, request: StaffRequest, pk: int) -> HttpResponse:
        """Show who erased a name, when and why, for printing."""
        _require(request)
        entry = AuditEntry.objects.filter(pk=pk).first()
        if entry is None or not is_erasure(entry):
            raise Http404("This certificate does not exist.")
        context = _frame(self, request, "Certificate of erasure") | {
            "entry": entry, "what": "Erased", "subject": entry.subject,
            "what_was_done": "This name was erased: it was deleted, or taken out, in the places listed below.",
        }  # fmt: skip
        return TemplateResponse(request, "admin/articles/article/sealed.html", context)


def _require(request: StaffRequest) -> None:
    if not request.user.has_perm("articles.seal_article"):
        raise PermissionDenied("Your role does not include erasing names. Ask an administrator.")


def erase_route(model: type[Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}_erase"


def erase_url(row: Model) -> str:
    return reverse(f"admin:{erase_route(type(row))}", args=[row.pk])


def _page(model_admin: Any, request: StaffRequest, who: Named, **back: str) -> HttpResponse:
    if request.method == "POST":
        try:
            entry = _erase(request, who)
            return HttpResponseRedirect(reverse("admin:articles_person_erased", args=[entry.pk]))
        except ValidationError as error:
            page = request.path if who.row else f"{request.path}?{urlencode({'name': who.name})}"
            return refused(request, page, error)
    context = _frame(model_admin, request, "Erase the name") | back | {
        "what_it_does": WHAT_IT_DOES if who.row else WHAT_IT_DOES_IN_TEXTS,
        "namesakes": [(erase_url(row), row) for row in who.namesakes()],
        "left": who.left(), "out_of_reach": OUT_OF_REACH, "confirm_what": "the name", "confirm": who.name, "name": "" if who.row else who.name,
        "where_live": _where_live(request, who.name),
    }  # fmt: skip
    return TemplateResponse(request, "admin/articles/article/seal.html", context)


def _erase(request: StaffRequest, who: Named) -> AuditEntry:
    if " ".join(request.POST.get("confirm", "").split()) != " ".join(who.name.split()):
        raise ValidationError(f"To confirm, type the name: {who.name}")
    return who.erase(by=request.user, reason=request.POST.get("reason", ""))


def _where_live(request: StaffRequest, name: str) -> str:
    if not request.user.has_perm("articles.publish_article"):
        return ""
    return f"{reverse('admin:articles_article_everywhere')}?{urlencode({'words': name})}"


def _frame(model_admin: Any, request: StaffRequest, title: str) -> dict[str, Any]:
    site = model_admin.admin_site
    return {**site.each_context(request), "opts": model_admin.opts, "media": model_admin.media, "title": title}


class ErasablePhotographerAdmin(Erasable, PhotographerAdmin):
    change_form_template = "admin/articles/photographer_change_form.html"  # type: ignore[misc]


admin.site.unregister(Photographer)
admin.site.register(Photographer, ErasablePhotographerAdmin)
