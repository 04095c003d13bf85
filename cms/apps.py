"""The admin, with our own admin site."""

from django.contrib.admin.apps import AdminConfig


class MarqueeAdminConfig(AdminConfig):
    default_site = "cms.admin_site.MarqueeAdminSite"
