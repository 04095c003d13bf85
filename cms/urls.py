"""Every URL of the system."""

from django.contrib import admin
from django.urls import include, path

from media.views import rendition

urlpatterns = [
    path("photos/<uuid:photo>/<slug:version>/<slug:crop>-<int:width>.<slug:format>", rendition, name="rendition"),
    path("admin/picker/", include("articles.admin.editor_urls")),
    path("admin/", admin.site.urls),
]
