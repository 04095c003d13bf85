"""The WSGI entry point that the web server loads."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")
application = get_wsgi_application()
# Loaded before the server forks: otherwise each of its processes would load every view at its first reader.
get_resolver().url_patterns  # noqa: B018
