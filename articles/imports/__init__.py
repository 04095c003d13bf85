"""Finished text and archives become stories."""
