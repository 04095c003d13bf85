"""Every URL of the system."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/picker/", include("articles.admin.editor_urls")),
    path("admin/", admin.site.urls),
]
