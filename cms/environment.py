"""Reading settings from the environment: each is checked when it is read, and a wrong one is a sentence with its name.

Values that may hold a secret are never repeated in the sentence. An empty value counts as none.
"""

import os
import re
import warnings
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

TRUE, FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\]", re.IGNORECASE)
# A name may stand before the address: Marquee <desk@example.com>.
SENDER = re.compile(r"\A[^<>@]*<([^<>]+)>\Z")
RATE = re.compile(r"0*[1-9][0-9]{0,8}/(s|sec|second|m|min|minute|h|hour|d|day)")
SECRET_KEY_LENGTH, SECRET_KEY_VARIETY = 20, 5
# Options of Django's own in an address of PostgreSQL; all others are asked of its client library.
POSTGRES_OPTIONS = {"pool", "isolation_level", "server_side_binding", "assume_role", "prepare_threshold"}
NOWHERE = "cms.mail.Nowhere"


class WrongSetting(ImproperlyConfigured):
    """A setting has a value that cannot be used; the message tells whoever gave it."""


class Mail(NamedTuple):
    """How mail leaves: a Django backend, and the server it speaks to."""

    backend: str = NOWHERE
    host: str = "localhost"
    port: int = 25
    user: str = ""
    password: str = ""
    use_tls: bool = False
    use_ssl: bool = False


def read_file(path: Path) -> None:
    """Add what a .env file says to the environment, which wins where both speak."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSetting(f"{path} cannot be read: {error}.") from error
    for number, line in enumerate(lines, 1):
        if line and not line.startswith("#") and not re.match(r"(export )?\w+=", line):
            raise WrongSetting(
                f"{path}, line {number}, must be NAME=value without spaces around the name, or # and words."
            )
    environ.Env.read_env(path)


class Environment:
    """The settings somebody gave, by name."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given

    def text(self, name: str, *, default: str = "", must: str = "be plain text", like: str = ".*") -> str:
        """Return one line of text that the pattern `like` matches whole."""
        value = self._value(name) or default
        if value and not re.fullmatch(like, value):
            raise wrong(name, must, value)
        return value

    def secret(self, name: str) -> str:
        """Return a password or token that can be sent in a header."""
        value = self._value(name)
        if value and not re.fullmatch(r"[!-~]([ -~]*[!-~])?", value):
            raise wrong(name, "be letters, digits and signs of ASCII, with no space at its ends")
        return value

    def secret_key(self, name: str) -> str:
        value = self._value(name)
        if not value:
            return ""
        if _is_weak(value):
            raise wrong(
                name, f"be random and at least {SECRET_KEY_LENGTH} characters long; leave it out to have one made"
            )
        return value

    def secret_keys(self, name: str) -> list[str]:
        """Return keys that were used before, the newest first."""
        found = self._list(name)
        if any(_is_weak(key) for key in found):
            raise wrong(name, "be earlier values of SECRET_KEY, separated by commas")
        return found

    def proxies(self, name: str) -> int | list[IPv4Network | IPv6Network]:
        """Return how many proxies are trusted, or the networks they stand in."""
        value = self._value(name) or "0"
        if re.fullmatch(r"[0-9]|10", value):
            return int(value)
        try:
            return [ip_network(network) for network in self._list(name)]
        except ValueError:
            raise wrong(
                name, "be a number of proxies from 0 to 10, or their networks, such as 10.0.0.0/8,192.0.2.7", value
            ) from None

    def flag(self, name: str, *, default: bool) -> bool:
        value = self._value(name).lower()
        if value and value not in TRUE + FALSE:
            raise wrong(name, "be true or false", value)
        return value in TRUE if value else default

    def number(self, name: str, *, default: int, least: int, most: int) -> int:
        value = self._value(name)
        try:
            number = int(value or default)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise wrong(name, f"be a whole number from {least} to {most}", value)
        return number

    def choice(self, name: str, *options: str, default: str) -> str:
        value = self._value(name) or default
        if value not in options:
            raise wrong(name, f"be {', '.join(options[:-1])} or {options[-1]}", value)
        return value

    def rate(self, name: str, *, default: str) -> str:
        must = "be a number of requests, a slash and s, min, hour or day, such as 600/min"
        return self.text(name, default=default, must=must, like=RATE.pattern)

    def folder(self, name: str, *, default: Path) -> Path:
        """Return a folder that is there or can be made."""
        path = Path(self._value(name) or default)
        try:
            there = next(part for part in (path, *path.absolute().parents) if part.exists())
        except OSError as error:
            raise wrong(name, f"name a folder: {error.strerror}", path) from error
        if not there.is_dir():
            raise wrong(name, f"name a folder, and {there} is a file", path)
        return path

    def written_folder(self, name: str, *, default: Path) -> Path:
        """Return a folder that is there and can be written."""
        path = self.folder(name, default=default)
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise wrong(name, f"name a folder that can be made: {error.strerror}", path) from error
        if not os.access(path, os.W_OK | os.X_OK):
            raise wrong(name, "name a folder that can be written", path)
        return path

    def hosts(self, name: str) -> list[str]:
        found = self._list(name)
        for host in found:
            if host != "*" and not HOST.fullmatch(host.removeprefix(".")):
                raise wrong(
                    name, "be host names without scheme and port, such as cms.example.com or .example.com", host
                )
        return found

    def origins(self, name: str, *, wildcard: str) -> list[str]:
        """Return origins such as https://example.com. Before the host, or as the only one, `wildcard` is allowed."""
        found = self._list(name)
        if wildcard == "*" and found == ["*"]:
            return found
        for origin in found:
            parts = web_address(origin if wildcard == "*" else origin.replace(f"://{wildcard}", "://", 1))
            if parts is None or parts.path or parts.query or parts.fragment:
                raise wrong(name, "be origins without a path, such as https://cms.example.com", origin)
        return found

    def url(self, name: str, *, default: str = "") -> str:
        value = self._value(name) or default
        parts = web_address(value)
        if value and (parts is None or parts.query or parts.fragment):
            raise wrong(
                name, "be an address that begins with http:// or https://, such as https://cms.example.com", value
            )
        return value

    def url_template(self, name: str, mark: str) -> str:
        """Return an address with a mark in it, which is replaced later."""
        value = self._value(name)
        if value and (mark not in value or web_address(value.replace(mark, "x")) is None):
            raise wrong(name, f"be an address with {mark} in it, such as https://example.com/preview/{mark}", value)
        return value

    def urls(self, name: str) -> list[str]:
        found = self._list(name)
        for url in found:
            if web_address(url) is None:
                raise wrong(name, "be addresses that begin with http:// or https://, separated by commas", url)
        return found

    def email(self, name: str, *, default: str) -> str:
        value = self._value(name) or default
        if not is_email(SENDER.sub(r"\1", value)):
            raise wrong(name, "be an e-mail address, such as Marquee <desk@example.com>", value)
        return value

    def emails(self, name: str) -> list[str]:
        found = self._list(name)
        for address in found:
            if not is_email(address):
                raise wrong(name, "be e-mail addresses, separated by commas", address)
        return found

    def database(self, name: str) -> dict[str, Any]:
        """Return Django's settings of the database an address names; empty without one."""
        value = self._value(name)
        if not value:
            return {}
        if not value.startswith(("sqlite://", "postgres://", "postgresql://")):
            raise wrong(name, "begin with sqlite:// or postgres://")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                config: dict[str, Any] = environ.Env.db_url_config(value)
            fragment = urlsplit(value).fragment
        except (ValueError, UserWarning) as error:
            raise wrong(name, f"{DATABASE}, with other signs of a password as %40") from error
        if fragment or not config["NAME"]:
            raise wrong(name, f"{DATABASE}, with other signs of a password as %40")
        check = _check_sqlite if config["ENGINE"].endswith("sqlite3") else _check_postgres
        check(name, config)
        return config

    def mail(self, name: str) -> Mail:
        """Return the way out for mail that an address names."""
        value = self._value(name)
        if not value or value == "consolemail://":
            return Mail(backend="django.core.mail.backends.console.EmailBackend") if value else Mail()
        parts = split(value)
        known = parts is not None and parts.scheme in {"smtp", "smtps"} and parts.query in {"", "tls"}
        if not known or parts.path not in {"", "/"} or parts.fragment or bool(parts.username) != bool(parts.password):
            raise wrong(name, "be smtp://user:password@host:587?tls, smtps://user:password@host or consolemail://")
        implicit, starts = parts.scheme == "smtps", parts.query == "tls"
        if implicit and starts:
            raise wrong(name, "be either smtps:// or smtp:// with ?tls")
        if not unquote(f"{parts.username}{parts.password}").isascii():
            raise wrong(name, "have a user and a password without accents: mail servers take ASCII alone")
        return Mail(
            backend="django.core.mail.backends.smtp.EmailBackend", host=(parts.hostname or ""),
            port=parts.port or (465 if implicit else 587 if starts else 25),
            user=unquote(parts.username or ""), password=unquote(parts.password or ""), use_tls=starts, use_ssl=implicit,
        )  # fmt: skip

    def _value(self, name: str) -> str:
        value = self.given.get(name, "")
        if not value.isprintable():
            raise wrong(name, "hold no line breaks, tabs or other signs that cannot be seen")
        return value

    def _list(self, name: str) -> list[str]:
        return [part.strip() for part in self._value(name).split(",") if part.strip()]


DATABASE = "be sqlite:////path/to/file or postgres://user:password@host:5432/name"


def wrong(name: str, must: str, value: object = None) -> WrongSetting:
    return WrongSetting(f"{name} must {must}{'' if value is None else f', not “{value}”'}.")


def split(address: str) -> SplitResult | None:
    """Return the parts of an address; None if it has no host, or a port that cannot be."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return parts if port != 0 and HOST.fullmatch(host) else None


def web_address(address: str) -> SplitResult | None:
    """Return the parts of an address of the web; None if it is none, or holds a password or a space."""
    parts = split(address)
    is_one = parts is not None and parts.scheme in {"http", "https"} and "@" not in parts.netloc and " " not in address
    return parts if is_one else None


def _is_weak(key: str) -> bool:
    return len(key) < SECRET_KEY_LENGTH or len(set(key)) < SECRET_KEY_VARIETY or key.startswith("django-insecure-")


def is_email(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def _check_sqlite(name: str, config: dict[str, Any]) -> None:
    path = Path(config["NAME"])
    if config["NAME"] == ":memory:" or path.is_dir() or not path.absolute().parent.is_dir():
        raise wrong(name, "name a file in a folder that exists, such as sqlite:////srv/marquee/var/marquee.sqlite3")


def _check_postgres(name: str, config: dict[str, Any]) -> None:
    # Only a site on PostgreSQL needs psycopg.
    import psycopg  # noqa: PLC0415
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415

    try:
        make_conninfo(**{key: value for key, value in config.get("OPTIONS", {}).items() if key not in POSTGRES_OPTIONS})
    except psycopg.ProgrammingError as error:
        raise wrong(name, "have only options after ? that PostgreSQL knows, such as ?sslmode=require") from error
