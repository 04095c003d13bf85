"""Marquee. The version stands here alone; the schema, /readyz, the admin and the changelog take it from here."""

__version__ = "0.1.0"
