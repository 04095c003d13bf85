"""The page that seals a story: what will be blanked, what is kept and why, the reason, and then a certificate."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from media.admin.refill import refused

from ..models import Article
from ..stories.sealing import OUT_OF_REACH
from .requests import StaffRequest
from .story_pages import StoryAdmin, of_story

WHAT_IT_DOES = (
    "Sealing is for court orders and data-protection requests. It withdraws the story without notice to readers "
    "and blanks its text in all the places below."
)
WHAT_WAS_DONE = (
    "This story was sealed: its words were blanked in the places listed below. It can no longer be read or restored."
)


@of_story
def page(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> HttpResponse:
    """Show what sealing does; on POST, seal and lead to the certificate."""
    if not request.user.has_perm("articles.seal_article"):
        raise PermissionDenied("Your role does not include sealing stories. Ask an administrator.")
    if request.method == "POST":
        try:
            _seal(request, story)
            return HttpResponseRedirect(reverse("admin:articles_article_sealed", args=[story.pk]))
        except ValidationError as error:
            return refused(request, request.path, error)
    return model_admin.page(
        request, "seal.html", "Seal the story", story, back=reverse("admin:articles_article_publishing", args=[story.pk]),
        back_to="publishing", what_it_does=WHAT_IT_DOES, left=story.left(), copies=story.copies(),
        out_of_reach=OUT_OF_REACH, confirm_what="the address of the story",
        confirm=story.slug,
    )  # fmt: skip


def _seal(request: StaffRequest, story: Article) -> None:
    if request.POST.get("confirm", "").strip() != story.slug:
        raise ValidationError(f"To confirm, type the address of the story: {story.slug}")
    story.seal(by=request.user, reason=request.POST.get("reason", ""), also=_chosen(request.POST.getlist("also")))


def _chosen(values: Iterable[str]) -> set[UUID | int]:
    """Return the ids of the copies that were ticked."""
    try:
        return {int(value) if value.isdecimal() else UUID(value) for value in values}
    except ValueError as error:
        raise ValidationError("One of the copies is no longer in the list. Reload the page.") from error


def certificate(model_admin: StoryAdmin, request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show who sealed the story, when and why, for printing."""
    if not request.user.has_perm("articles.seal_article"):
        raise PermissionDenied("Your role does not include reading certificates of sealing. Ask an administrator.")
    story = Article.objects.filter(pk=pk).first()
    entry = story.certificate() if story else None
    if story is None or not entry:
        raise Http404("This story was not sealed.")
    return model_admin.page(
        request, "sealed.html", "Certificate of sealing", entry=entry, what="Story", subject=story.pk,
        what_was_done=WHAT_WAS_DONE, versions=story.versions.order_by("number"),
    )  # fmt: skip


VIEWS = [("<uuid:pk>/seal/", page, "seal"), ("<uuid:pk>/sealed/", certificate, "sealed")]
