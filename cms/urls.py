"""Every URL of the system. Each has a verdict in tests/test_leaks.py."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path, re_path

from articles.api import archive, articles, calendar, directory, feeds, related, resolve, search, sitemaps, writes
from media.methods import reads_only
from media.photos.views import rendition

from . import api, health, mail, metrics, reader, refusals

handler400 = refusals.bad_request
handler403 = refusals.forbidden
handler404 = refusals.page_not_found
handler500 = refusals.server_error

urlpatterns = [
    # Patterns are tried in this order: what is asked for most comes first.
    path("api/v1/articles/", articles.ArticleListView.as_view(), name="articles"),
    path("api/v1/articles/<slug:slug>/", articles.ArticleView.as_view(), name="article"),
    path("photos/<uuid:photo>/<slug:version>/<slug:crop>-<int:width>.<slug:format>", rendition, name="rendition"),
    path("", reads_only(reader.LandingView.as_view()), name="landing"),
    path("admin/picker/", include("articles.admin.editor_urls")),
    path("admin/password_reset/", mail.PasswordResetView.as_view(), name="admin_password_reset"),
    path("admin/password_reset/done/", auth.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path("admin/reset/<uidb64>/<token>/", mail.PasswordResetConfirmView.as_view(), name="password_reset_confirm"),
    path("admin/reset/done/", auth.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    re_path(r"^reader/(?P<path>.*)$", reader.reader, name="reader"),
    path("api/schema/", api.SchemaView.as_view(), name="schema"),
    path("api/docs/", api.DocsView.as_view(url_name="schema"), name="api-docs"),
    path("api/v1/", api.RootView.as_view(), name="api-root"),
    path("api/v1/archive/", archive.ArchiveIndexView.as_view(), name="archive-index"),
    path("api/v1/articles/<slug:slug>/ninjs/", articles.NinjsView.as_view(), name="article-ninjs"),
    path("api/v1/archive/<int:year>/<int:month>/", archive.ArchiveView.as_view(), name="archive"),
    path("api/v1/related/", related.RelatedView.as_view(), name="related"),
    path("api/v1/updates/", articles.UpdatesView.as_view(), name="updates"),
    path("api/v1/search/", search.SearchView.as_view(), name="search"),
    path("api/v1/suggest/", search.SuggestView.as_view(), name="suggest"),
    path("api/v1/resolve/", resolve.ResolveView.as_view(), name="resolve"),
    path("api/v1/preview/<slug:token>/", articles.PreviewView.as_view(), name="preview"),
    path("api/v1/calendar/<slug:token>.ics", calendar.CalendarView.as_view(), name="calendar"),
    path("api/v1/drafts/", writes.DraftsView.as_view(), name="drafts"),
    path("api/v1/drafts/<uuid:id>/", writes.DraftView.as_view(), name="draft"),
    path("api/v1/drafts/<uuid:id>/publish/", writes.PublishView.as_view(), name="draft-publish"),
    path("api/v1/drafts/<uuid:id>/withdraw/", writes.WithdrawView.as_view(), name="draft-withdraw"),
    path("api/v1/photos/", writes.PhotosView.as_view(), name="photos"),
    path("api/v1/people/", directory.PersonListView.as_view(), name="people"),
    path("api/v1/people/<slug:slug>/", directory.PersonView.as_view(), name="person"),
    path("api/v1/works/", directory.WorkListView.as_view(), name="works"),
    path("api/v1/works/<slug:slug>/", directory.WorkView.as_view(), name="work"),
    path("api/v1/sections/", directory.SectionListView.as_view(), name="sections"),
    path("api/v1/sections/<slug:slug>/", directory.SectionView.as_view(), name="section"),
    path("api/v1/tags/", directory.TagListView.as_view(), name="tags"),
    path("api/v1/tags/<slug:slug>/", directory.TagView.as_view(), name="tag"),
    path("api/v1/authors/", directory.AuthorListView.as_view(), name="authors"),
    path("api/v1/authors/<slug:slug>/", directory.AuthorView.as_view(), name="author"),
    *(path(f"feeds/{name}", feeds.FeedView.as_view(), {"format": name}, name=f"feed-{name}") for name in feeds.FORMATS),
    path("feeds/<slug:noun>/<slug:slug>/<str:format>", feeds.FeedView.as_view(), name="feed-of"),
    path("sitemap.xml", sitemaps.IndexView.as_view(), name="sitemap"),
    path("sitemap-<slug:part>.xml", sitemaps.PartView.as_view(), name="sitemap-part"),
    re_path(r"^api/(?P<path>.*)$", api.not_found, name="api-unknown"),
]
