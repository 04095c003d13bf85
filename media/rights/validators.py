"""Validators of the small vocabularies that rights are written in."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from .decision import CHANNELS, DELIVERED_CHANNELS, PLACEMENTS


def validate_territories(value: Any) -> None:
    _check_list(value)
    for code in value:
        if not isinstance(code, str) or not re.fullmatch(r"[A-Z]{2}", code):
            raise ValidationError(
                f"“{code}” is not a country code. Use two capital letters (ISO 3166-1), such as “US”."
            )


def validate_channels(value: Any) -> None:
    _check_words(value, CHANNELS)


def validate_site_channels(value: Any) -> None:
    _check_words(value, DELIVERED_CHANNELS)
    if "web" not in value:
        raise ValidationError("Keep “web” among the channels. Every other channel is made from web pages.")


def validate_placements(value: Any) -> None:
    _check_words(value, PLACEMENTS)


def _check_list(value: Any) -> None:
    if not isinstance(value, list):
        raise ValidationError("Enter a list, such as [“US”, “CA”].")


def _check_words(value: Any, allowed: Iterable[str]) -> None:
    _check_list(value)
    for word in value:
        if word not in allowed:
            raise ValidationError(f"“{word}” is not one of {', '.join(allowed)}.")
