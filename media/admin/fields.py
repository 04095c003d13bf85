"""Form fields of the photo desk: moments on the desk's clock, and the short lists that rights are written in."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime, AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.timezone import get_current_timezone, get_current_timezone_name

from ..ids import read_id
from ..local_time import NoSuchTime, day_begins, day_ends, happens_twice, local, offset_name, typed


class WordsField(forms.CharField):
    """A JSON list, written as words with commas between them."""

    def __init__(self, *, upper: bool = False, **kwargs: Any) -> None:
        kwargs.pop("encoder", None), kwargs.pop("decoder", None)
        super().__init__(**{"required": False, "empty_value": "", "widget": AdminTextInputWidget} | kwargs)
        self.upper = upper

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        words = [word.strip() for word in re.split(r"[,;\n]", super().to_python(value)) if word.strip()]
        return [word.upper() for word in words] if self.upper else words

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data or "")


class MomentWidget(AdminSplitDateTime):
    """Shows an instant as the desk's clock does; of an hour that happens twice it says which."""

    def decompress(self, value: Any) -> list[Any]:
        if not isinstance(value, datetime):
            return [None, None]
        there = local(value, get_current_timezone())
        twice = happens_twice(there.replace(tzinfo=None), get_current_timezone_name())
        return [there.date(), f"{there:%H:%M:%S}" + (f" {offset_name(there)}" if twice else "")]


class EndWidget(MomentWidget):
    """Shows the end of a day as that day, without a time, as it is typed."""

    def decompress(self, value: Any) -> list[Any]:
        day, clock = super().decompress(value)
        before = day - timedelta(days=1) if day and day > date.min else None
        is_end = before and value == day_ends(before, get_current_timezone())
        return [before, ""] if is_end else [day, clock]


class MomentField(forms.MultiValueField):
    """An instant, typed as a date and a time of the desk's clock; cleaned, it is in UTC."""

    widget: Any = MomentWidget

    def __init__(self, **kwargs: Any) -> None:
        parts = (forms.DateField(required=False), forms.CharField(required=False))
        # The admin hands every field of a moment its own widget; and a hidden copy of a moment is a text to compare with.
        own = {"widget": type(self).widget, "show_hidden_initial": False}
        super().__init__(parts, require_all_fields=False, **kwargs | own)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(data) != (initial.replace(microsecond=0) if initial else None)
        except ValidationError:
            return True

    def compress(self, data_list: list[Any]) -> datetime | None:
        day, clock = data_list or (None, "")
        if not day and not clock:
            return None
        if not day:
            raise ValidationError("Enter a date too.")
        return self.moment(day, clock) if clock else self.of_day(day)

    def of_day(self, day: date) -> datetime:
        """Return what a date alone means."""
        raise ValidationError("Enter a time too, such as 18:30.")

    def moment(self, day: date, clock: str) -> datetime:
        written, _, which = clock.partition(" ")
        try:
            time = forms.TimeField().clean(written)
            return typed(datetime.combine(day, time), get_current_timezone_name(), which.strip().upper())
        except ValidationError as error:
            raise ValidationError(f"“{clock}” is not a time. Enter it as 18:30.") from error
        except NoSuchTime as error:
            raise ValidationError(str(error)) from error
        except OverflowError:
            return datetime.combine(day, time, UTC)


class BeginningField(MomentField):
    """From when: a date alone is its first instant."""

    def of_day(self, day: date) -> datetime:
        return day_begins(day, get_current_timezone())


class EndField(MomentField):
    """Until when: a date alone lasts to its end."""

    widget = EndWidget

    def of_day(self, day: date) -> datetime:
        return day_ends(day, get_current_timezone())


class AddressesField(forms.CharField):
    """A JSON list of addresses, written one a line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("encoder", None), kwargs.pop("decoder", None)
        super().__init__(**{"required": False, "empty_value": "", "widget": AdminTextareaWidget({"rows": 4})} | kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return super().to_python(value).split()

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data or "")


class StoryField(forms.CharField):
    """The key of a story, typed and shown as the address of its page."""

    widget = AdminTextInputWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "empty_value": None, "max_length": 300} | kwargs)

    def prepare_value(self, value: Any) -> Any:
        return reverse("admin:articles_article_change", args=[value]) if isinstance(value, UUID) else value

    def to_python(self, value: Any) -> UUID | None:
        text = super().to_python(value)
        keys = [key for part in re.split(r"[/?#]", text or "") if (key := read_id(part))]
        if text and not keys:
            raise ValidationError("This is not the address of a story’s page. Copy it from the browser.")
        return keys[0] if keys else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return initial != self.to_python(data)
        except ValidationError:
            return True


class ChoicesField(forms.MultipleChoiceField):
    """A JSON list of known words, ticked; `words` may map them to what the desk reads."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, words: Iterable[str] | Mapping[str, str], **kwargs: Any) -> None:
        named = words if isinstance(words, Mapping) else {word: word for word in words}
        super().__init__(choices=list(named.items()), required=False, **kwargs)

    def keep(self, words: Iterable[str]) -> None:
        """Offer these words too: a row has them, though nobody could tick them now."""
        known = dict(self.choices)  # type: ignore[arg-type]
        self.choices = [*known.items(), *((word, word.replace("_", " ")) for word in words if word not in known)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return sorted(initial or []) != sorted(data or [])
