"""Marquee's settings with the yardsticks' URLs beside its own; used by the servers that the bench starts."""

import os

from cms.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
ALLOWED_HOSTS = ["127.0.0.1"]
LOGGING = {"version": 1, "disable_existing_loggers": True}
if os.environ.get("BENCH_BARE"):
    # The fixed yardstick is a bare Django: no middleware at all.
    MIDDLEWARE = []
