"""Colleagues in a form: whoever can edit the field finds them, by their names and nothing else."""

from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from .choices import Box, BoxWidget, Choice, ChoiceWidget
from .picker import refusal

PAGE = 20
# The forms that ask for a colleague: a story’s “Owner” and “Restricted to”, and an author’s user.
EDITORS = ("articles.add_article", "articles.change_article", "articles.add_author", "articles.change_author")


def name_of(user) -> str:
    return user.get_full_name() or user.get_username()


def active() -> QuerySet:
    """Return the colleagues who can be chosen: those who can log in at the desk."""
    return get_user_model().objects.filter(is_active=True, is_staff=True)


def found(term: str) -> QuerySet:
    """Return the colleagues one of whose names holds each of these words."""
    rows = active().order_by("first_name", "last_name", "username")
    for word in term.split()[:5]:
        rows = rows.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(username__icontains=word))
    return rows


@require_GET
def colleagues(request: HttpRequest) -> JsonResponse:
    """A page of names for a box that is typed into, in the shape of the admin’s own autocomplete."""
    user = request.user
    if not (user.is_active and user.is_staff):
        return refusal("Your login has expired. Log in again in another tab, then go on here.", 401)
    if not any(user.has_perm(permission) for permission in EDITORS):
        return refusal("Your role does not include this. Ask an administrator.", 403)
    page = Paginator(found(request.GET.get("term", "").replace("\0", "")), PAGE).get_page(request.GET.get("page"))
    rows = [{"id": str(each.pk), "text": name_of(each)} for each in page]
    return JsonResponse(
        {"results": rows, "pagination": {"more": page.has_next()}}, headers={"Cache-Control": "no-store"}
    )


class AmongColleagues:
    """Widget mixin: asks for names, where the admin’s own search asks for the right to see accounts."""

    def get_url(self):
        return reverse("picker-colleagues")


class ColleaguesWidget(AmongColleagues, BoxWidget):
    pass


class ColleagueWidget(AmongColleagues, ChoiceWidget):
    pass


class Colleagues(Box):
    """Several colleagues."""

    widget_class = ColleaguesWidget

    def __init__(self, relation, **kwargs):
        super().__init__(relation, **kwargs)
        self.queryset = active()

    def label_from_instance(self, user):
        return name_of(user)


class Colleague(Choice):
    """One colleague."""

    widget_class = ColleagueWidget

    def __init__(self, relation, **kwargs):
        super().__init__(relation, **kwargs)
        self.queryset = active()

    def label_from_instance(self, user):
        return name_of(user)
