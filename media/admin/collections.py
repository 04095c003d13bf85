"""Collections of photos: their pages, and how the photo list and a photo's page fill them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from ..counted import counted
from ..ids import read_id
from ..models import Collection, Photo
from ..photos.collection import MOST_PHOTOS
from ..photos.photo import PhotoQuerySet
from .lists import QuickList

SHOWN = 60
OFFERED = 100


def offered(request: HttpRequest) -> QuerySet[Collection]:
    """Return the collections this colleague may see, the newest first."""
    if not request.user.has_perm("media.view_collection"):
        return Collection.objects.none()
    return Collection.objects.visible_to(request.user).select_related("owner").order_by("-created_at", "-pk")


class CollectionFilter(admin.SimpleListFilter):
    title = parameter_name = "collection"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [(str(row.pk), row.name) for row in offered(request)[:OFFERED]]

    def has_output(self) -> bool:
        """Filter by a collection that is asked for even where none is offered: it is a colleague's, and stays closed."""
        return super().has_output() or bool(self.value())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        if not value:
            return queryset
        wanted = (
            offered(request).filter(pk=int(value)) if value.isdecimal() and len(value) < 18 else offered(request).none()
        )
        return queryset.filter(collections__in=wanted.order_by().values("pk")).distinct()


class CollectForm(forms.Form):
    """Names a collection that is there, or a new one."""

    collection = forms.ModelChoiceField(
        Collection.objects.none(), required=False, empty_label="Choose…", label="Collection"
    )
    name = forms.CharField(label="Or a new one", required=False, max_length=100)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="collect_%s", **kwargs)
        self.request = request
        self.fields["collection"].queryset = offered(request)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and bool(given.get("collection")) == bool(given.get("name")):
            raise ValidationError("Choose a collection or name a new one.")
        return given

    def chosen(self) -> Collection:
        """Return the collection. Raises ValidationError, PermissionDenied."""
        if not self.is_valid():
            raise ValidationError([sentence for each in self.errors.values() for sentence in each])
        found = self.cleaned_data["collection"]
        return found or Collection.objects.begin(self.cleaned_data["name"], by=self.request.user)


class Collecting:
    """What PhotoAdmin offers to fill collections: an action, a drop on the list, a fold on the photo's page."""

    def collecting_urls(self, view: Callable[..., Any]) -> list[URLPattern]:
        return [path("collect/", view(require_POST(self.collect)), name="media_photo_collect")]

    def collections_of(self, request: HttpRequest, photo: Photo | None = None) -> dict[str, Any]:
        """Return the collections to show on the list, or on the page of a photo."""
        found = offered(request)
        may_fill = request.user.has_perm("media.change_collection")
        own = list(found.filter(photos=photo)) if photo else []
        return {"has": own, "rows": found[:12], "form": CollectForm(request=request), "may_fill": may_fill}

    def collect(self, request: HttpRequest) -> HttpResponse:
        """Put photos into a collection, or take them out, and say so: in JSON to a script, on the page otherwise."""
        keys = [key for text in request.POST.getlist("photo")[:MOST_PHOTOS] if (key := read_id(text))]
        as_json = "application/json" in request.headers.get("Accept", "")
        if not self.has_view_permission(request):
            raise PermissionDenied
        photos, form = Photo.objects.filter(pk__in=keys), CollectForm(request.POST, request=request)
        try:
            sentence, status = _done(form, photos, request, out="take_out" in request.POST), 200
        except (ValidationError, PermissionDenied) as error:
            sentence = " ".join(getattr(error, "messages", None) or [str(error)])
            status = 403 if isinstance(error, PermissionDenied) else 422
        if as_json:
            return JsonResponse({"detail": sentence}, status=status)
        messages.add_message(request, messages.SUCCESS if status == 200 else messages.ERROR, sentence)
        one = keys[0] if len(keys) == 1 else None
        return HttpResponseRedirect(
            reverse("admin:media_photo_change", args=[one]) if one else reverse("admin:media_photo_changelist")
        )

    @admin.action(description="Add to a collection…", permissions=["collect"])
    def add_to_collection(self, request: HttpRequest, queryset: PhotoQuerySet) -> TemplateResponse | None:
        return self._ask_collection(request, queryset, "add_to_collection", "Add to a collection")

    @admin.action(description="Remove from a collection…", permissions=["collect"])
    def remove_from_collection(self, request: HttpRequest, queryset: PhotoQuerySet) -> TemplateResponse | None:
        return self._ask_collection(request, queryset, "remove_from_collection", "Remove from a collection")

    def has_collect_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("media.change_collection")

    def _ask_collection(
        self, request: HttpRequest, queryset: PhotoQuerySet, action: str, title: str
    ) -> TemplateResponse | None:
        """Show which collection, and do it when the answer comes."""
        number, form = queryset.count(), CollectForm(request.POST if "apply" in request.POST else None, request=request)
        if number > MOST_PHOTOS:
            messages.error(request, f"Choose at most {MOST_PHOTOS:,} photos at once.")
            return None
        if action == "remove_from_collection":
            del form.fields["name"]
        if "apply" in request.POST:
            try:
                messages.success(request, _done(form, queryset, request, out=action == "remove_from_collection"))
                return None
            except (ValidationError, PermissionDenied) as error:
                if not form.errors:
                    form.add_error(None, error if isinstance(error, ValidationError) else str(error))
        context = self.admin_site.each_context(request) | {
            "title": title, "form": form, "photos": queryset[:24], "action": action, "opts": self.opts, "affected": "",
            "checkbox": ACTION_CHECKBOX_NAME, "keys": queryset.values_list("pk", flat=True), "more": max(0, number - 24),
        }  # fmt: skip
        return TemplateResponse(request, "admin/media/desk/bulk.html", context)


def _done(form: CollectForm, photos: PhotoQuerySet, request: HttpRequest, *, out: bool) -> str:
    """Fill the collection that the form names, or empty it; return what was done. Raises ValidationError, PermissionDenied."""
    keys = list(photos.order_by().values_list("pk", flat=True))
    if not keys:
        raise ValidationError("Choose photos first.")
    with transaction.atomic():
        collection = form.chosen()
        number = (collection.take_out if out else collection.put)(keys, by=request.user)
    if out:
        return f"{counted(number, 'photo')} removed from “{collection}”."
    there = len(keys) - number
    also = f" {there} {'was' if there == 1 else 'were'} there already." if there else ""
    return f"{counted(number, 'photo')} added to “{collection}”.{also}"


class CollectionForm(forms.ModelForm):
    """The owner takes part in the check that no name is there twice."""

    owner: Any = None

    class Meta:
        model = Collection
        fields = ["name", "notes", "shared"]

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"owner"}

    def _post_clean(self) -> None:
        if self.instance.owner_id is None:
            self.instance.owner = self.owner
        super()._post_clean()


@admin.register(Collection)
class CollectionAdmin(QuickList):
    """Name, notes and sharing of a collection, and what is in it. Only its owner shares, hides or deletes it."""

    list_display = ["name", "owner", "shared", "number", "created_at"]
    list_select_related = ["owner"]
    list_filter = ["shared"]
    search_fields = ["name", "notes"]
    form = CollectionForm
    fields = ["name", "notes", "shared"]
    change_form_template = "admin/media/collection/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collection]:
        return super().get_queryset(request).visible_to(request.user).annotate(number=Count("photos"))

    @admin.display(description="photos", ordering="number")
    def number(self, collection: Any) -> str:
        address = reverse("admin:media_photo_changelist")
        return format_html('<a href="{}?collection={}">{}</a>', address, collection.pk, collection.number)

    def get_readonly_fields(self, request: HttpRequest, obj: Collection | None = None) -> list[str]:
        return ["shared"] if obj and obj.owner_id != request.user.pk else []

    def has_delete_permission(self, request: HttpRequest, obj: Collection | None = None) -> bool:
        is_theirs = obj is None or request.user.is_superuser or obj.owner_id == request.user.pk
        return super().has_delete_permission(request, obj) and is_theirs

    def get_actions(self, request: HttpRequest) -> dict:
        """Offer no bulk deletion: others' collections may be among those that are ticked."""
        return {name: each for name, each in super().get_actions(request).items() if name != "delete_selected"}

    def get_form(self, request: HttpRequest, obj: Any | None = None, **kwargs: Any) -> type[forms.ModelForm]:
        """Let the form know the owner, whose names are compared."""
        made = super().get_form(request, obj, **kwargs)
        made.owner = request.user
        return made

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        collection = self.get_object(request, object_id) if object_id else None
        rows = collection.photos.with_facts().order_by("collectedphoto")[:SHOWN] if collection else ()
        context = {"shown": rows, "total": collection.photos.count() if collection else 0}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))
