"""Versions, editions, corrections, audit: written once."""
