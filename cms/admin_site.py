"""The admin site under Marquee's name: its bar, its front page and its login."""

from collections.abc import Callable, Iterator
from copy import copy
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db import IntegrityError, connection
from django.db.models import DateTimeField
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.urls import reverse
from django.utils.timezone import get_current_timezone_name, override

from media.local_time import LazyZone

from . import __version__, hostile_values, refusals, typed
from .sent_once import sent_once

if TYPE_CHECKING:
    from articles.admin.login import LoginForm

# The bar on every page: what it says, the page it opens, and the rows one has to be allowed to see.
AREAS = (
    ("Day", "articles_article_day", "articles.view_article"),
    ("Stories", "articles_article_changelist", "articles.view_article"),
    ("Photos", "media_photo_changelist", "media.view_photo"),
    ("People", "articles_person_changelist", "articles.view_person"),
    ("Works", "articles_work_changelist", "articles.view_work"),
    ("Tags", "articles_tag_changelist", "articles.view_tag"),
    ("Log", "articles_auditentry_changelist", "articles.view_auditentry"),
)


TOO_LONG_FOR_THE_LOGIN = "Log in again in another tab. Then come back to this page, and send what you typed from here."


def on_the_desks_clock(view: Callable[..., Any]) -> Callable[..., Any]:
    """Return the view, in which every moment typed or shown is in the default site's zone; a page of a story may change it."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Apps are not loaded when Django imports its admin site.
        from media.site import Site

        with override(LazyZone(Site.objects.zone)):
            response = view(request, *args, **kwargs)
            typed.name_lost_files(request, response)
            return response.render() if isinstance(response, SimpleTemplateResponse) else response

    return answer


def asked_again(view: Callable[..., Any]) -> Callable[..., Any]:
    """Return the view, asked once more where somebody saved the same name or address at the same moment.

    The form finds it by then, says so at its field and keeps what was typed.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except IntegrityError:
            if request.method != "POST" or connection.in_atomic_block:
                raise
        for _, file in request.FILES.items():
            file.seek(0)
        return view(request, *args, **kwargs)

    return answer


class MarqueeAdminSite(admin.AdminSite):
    """The stock admin under Marquee's name, with the newsroom's dashboard as its front page."""

    site_title = "Marquee"
    site_header = "Marquee"
    index_title = "The desk today"
    site_url = None
    enable_nav_sidebar = False

    @property
    def login_form(self) -> "type[LoginForm]":
        # Apps are not loaded when Django imports its admin site.
        from articles.admin.login import LoginForm

        return LoginForm

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        kept = request.POST.get(typed.NAME, "")[: typed.MOST]
        response = super().login(request, (extra_context or {}) | ({typed.NAME: kept} if kept else {}))
        if response.status_code == 302 and kept and (form := typed.unpacked(kept, request.user)):
            return refusals.send_again(request, refusals.LOGGED_IN_AGAIN, **form)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if wait := getattr(form, "wait", 0):
            response.status_code, response["Retry-After"] = 429, str(wait)
        return response

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Log out, and have the browser forget the words it kept."""
        response = super().logout(request, extra_context)
        response["Clear-Site-Data"] = '"storage"'
        return response

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        # Apps are not loaded when Django imports its admin site.
        from media.admin.fields import MomentField

        super().register(model_or_iterable, admin_class, **options)
        for model in [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable:
            self._registry[model].get_changelist = lambda request, **more: hostile_values.BoundedChangeList
            self._registry[model].formfield_overrides[DateTimeField] = {"form_class": MomentField}

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        asked = super().admin_view(hostile_values.refusing(asked_again(on_the_desks_clock(sent_once(view)))), cacheable)

        @wraps(asked)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated and view != self.logout and typed.is_form(request):
                return self.log_in_first(request)
            return asked(request, *args, **kwargs)

        return answer

    def log_in_first(self, request: HttpRequest) -> HttpResponse:
        """Answer the form of somebody whose login has ended with the login, which keeps what was typed."""
        form, asked = typed.packed(request), copy(request)
        if len(form) > typed.MOST:
            return refusals.refuse(request, 403, TOO_LONG_FOR_THE_LOGIN, title="You were logged out")
        asked.method, asked.path = "GET", reverse("admin:login")
        asked.META = request.META | {"QUERY_STRING": ""}
        response = self.login(
            asked, ({typed.NAME: form} if form else {}) | {REDIRECT_FIELD_NAME: reverse("admin:index")}
        )
        response.status_code = 403
        return response

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().each_context(request) | {
            "areas": list(self._areas(request)),
            "clock": get_current_timezone_name(),
            "version": __version__,
        }

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        # Apps are not loaded when Django imports its admin site.
        from articles.admin.dashboard import dashboard

        return super().index(request, (extra_context or {}) | {"dashboard": dashboard(request.user)})

    def _areas(self, request: HttpRequest) -> Iterator[dict[str, Any]]:
        shown = [(name, reverse(f"admin:{page}")) for name, page, seen in AREAS if request.user.has_perm(seen)]
        # The day lies below the stories: the area one is in is the one whose address says most.
        here = max((url for _, url in shown if request.path.startswith(url)), key=len, default="")
        for name, url in shown:
            yield {"name": name, "url": url, "is_here": url == here}
