"""Settings: each is documented, read and checked at the start, where a wrong value is a sentence that names it."""

import ast
import importlib.util
import os
import re
import subprocess
import sys

import pytest
from django.conf import global_settings

from cms import environment
from cms import settings as ours

from .own_house import ROOT

WRONG = {
    "SECRET_KEY": ["too short", "a" * 60, "django-insecure-of-some-tutorial-0123456789"],
    "SECRET_KEY_FALLBACKS": ["too short", "0123456789abcdefghij,hunter2", "a" * 60],
    "TRUSTED_PROXIES": ["-1", "all", "10.0.0.0/33", "proxy.example.com", "10.0.0.1/8", "11"],
    # The last letter of the third is Cyrillic.
    "DEBUG": ["maybe", "2", "truе"],
    "VAR_DIR": ["/dev/null", "/dev/null/var", "x" * 300],
    "STATIC_ROOT": ["/dev/null", "/dev/null/static", "x" * 300],
    "DATABASE_URL": [
        "marquee.sqlite3", "mysql://desk:hunter2@host/marquee", "postgres://desk:hun#ter2@host/marquee",
        "postgres://desk:hunter2@host:99999/marquee", "postgres://desk:hunter2@host", "postgres:///marquee?sslmod=hunter2",
        "sqlite://", "sqlite://:memory:", "sqlite:////nowhere/at/all.sqlite3", "sqlite:////dev/null/x", "postgres://[::1/x",
    ],
    "DATABASE_REPLICA_URL": ["replica", "mysql://desk:hunter2@host/marquee", "postgres://desk:hunter2@host:port/marquee"],
    "DATABASE_CONN_MAX_AGE": ["-1", "a minute", "86401"],
    "DATABASE_POOLER": ["pgbouncer", "-1", "tru"],
    "ALLOWED_HOSTS": ["https://cms.example.com", "cms.example.com:8000", "*.example.com", "a b", "cms.example.com/"],
    "CSRF_TRUSTED_ORIGINS": ["cms.example.com", "https://cms.example.com/admin", "ftp://cms.example.com", "*"],
    "HTTPS": ["perhaps", "443", "https"],
    "PUBLIC_URL": ["cms.example.com", "ftp://cms.example.com", "https://", "https://cms.example.com?x=1", "http://h:0"],
    "PREVIEW_URL_TEMPLATE": ["https://example.com/preview/", "example.com/{token}", "javascript://{token}"],
    "CORS_ALLOWED_ORIGINS": ["example.com", "https://*.example.com", "*,https://example.com", "https://example.com/"],
    "SESSION_COOKIE_AGE": ["abc", "-1", "0", "1e9", "99999999999"],
    "DESK_STATEMENT_SECONDS": ["ten", "0", "601"],
    "PREVIEW_RATE": ["fast", "120", "120/fortnight", "0/min"],
    "SEARCH_RATE": ["fast", "-600/min", "600/", "600 per minute"],
    "WRITE_RATE": ["/min", "300/min/s", "3.5/min"],
    "PHOTO_MAX_BYTES": ["60 MB", "-1", "0", "10000000000"],
    "PHOTO_MAX_PIXELS": ["80MP", "0", "99999999999"],
    "PHOTO_MAKES_AT_ONCE": ["-1", "two", "65"],
    "PHOTO_UPLOAD_MAX_FILES": ["0", "many", "1e3"],
    "PHOTO_DESK_EMAIL": ["photo desk", "a@example.com,b", "@example.com"],
    "PHOTO_SERVING": ["nginx", "FILE", "file,accel"],
    "PHOTO_URL_SECONDS": ["1", "1 min", "604801"],
    "PHOTO_ACCEL_PREFIX": ["uploads", "/uploads", "https://example.com/"],
    "S3_BUCKET": ["s3://photos", "a b", "x"],
    "S3_PREFIX": ["../photos", "/photos", "photos//x"],
    "S3_ENDPOINT_URL": ["minio:9000", "s3://store", "https://key@store.example.com"],
    "S3_REGION": ["eu west", "eu_west_1", "https://eu-west-1"],
    "S3_ADDRESSING": ["host", "PATH", "auto,path"],
    "S3_ACCESS_KEY_ID": ["only one of two", "clé", " x"],
    "S3_SECRET_ACCESS_KEY": ["only one of two", "hunter2\n", "x "],
    "PURGE_BACKEND": ["fastly", "BAN", "none,ban"],
    "PURGE_URLS": ["cache", "cache:80", "https://cache,ftp://cache"],
    "PURGE_TOKEN": ["hunter2 ", "hunter2\r\nX-Evil: 1", "hünter2"],
    "READER_EXAMPLE": ["off!", "reader", "None"],
    "WEBHOOK_ALLOW_PRIVATE": ["10.0.0.0/8", "maybe", "yess"],
    "EMAIL_URL": [
        "mail.example.com", "imap://mail.example.com", "smtp://", "smtp://desk:hunter2@host:port", "smtp://host?ssl",
        "smtp://desk@host", "smtps://host?tls", "smtp://desk:hunt/er2@host", "smtp://host",
        "smtp://desk:h%C3%BCnter2@host",
    ],
    "DEFAULT_FROM_EMAIL": ["Marquee", "desk@", "Marquee <desk>", "a@example.com, b@example.com"],
    "LOG_LEVEL": ["LOUD", "info", "20"],
    "LOG_FORMAT": ["xml", "JSON", "line,json"],
    "METRICS_TOKEN": ["hunter2\n", " hunter2", "hünter2"],
}  # fmt: skip
RIGHT = {
    "SECRET_KEY": ["0123456789abcdefghij"],
    "SECRET_KEY_FALLBACKS": ["0123456789abcdefghij", "0123456789abcdefghij, an earlier key of ours"],
    "TRUSTED_PROXIES": ["0", "2", "10.0.0.0/8, 192.0.2.7", "2001:db8::/32"],
    "DEBUG": ["true", "False", "1", "no", ""],
    "DATABASE_URL": [
        "sqlite:///marquee.sqlite3", "postgres:///marquee", "postgresql://desk:p%40ss@host:5433/marquee?sslmode=require",
        "postgres://desk:pass@[::1]/marquee", "postgres://%2Fvar%2Frun/marquee",
        "postgres:///marquee?DISABLE_SERVER_SIDE_CURSORS=true",
    ],
    "ALLOWED_HOSTS": ["*", ".example.com, cms.example.com", "10.0.0.7", "[::1]", "web"],
    "CSRF_TRUSTED_ORIGINS": ["https://cms.example.com,https://*.example.com", "http://localhost:8000"],
    "PUBLIC_URL": ["https://cms.example.com", "https://example.com/cms/", "http://[::1]:8000"],
    "PREVIEW_URL_TEMPLATE": ["https://example.com/preview/{token}", "https://example.com/?preview={token}#top"],
    "CORS_ALLOWED_ORIGINS": ["*", "https://example.com, http://localhost:3000"],
    "SEARCH_RATE": ["600/min", "99999/s", "5/hour", "1/d"],
    "PHOTO_ACCEL_PREFIX": ["/", "/protected/uploads/"],
    "S3_PREFIX": ["photos", "titles/one/"],
    "PURGE_URLS": ["http://cache/", "https://api.fastly.com/service/abc/purge, http://10.0.0.7:6081/"],
    "METRICS_TOKEN": ["a token of the tests"],
    "DEFAULT_FROM_EMAIL": ["desk@example.com", "The Desk <desk@example.com>"],
    "EMAIL_URL": ["consolemail://"],
    "LOG_LEVEL": ["ERROR"],
}  # fmt: skip
# What a library reads under its own name.
OF_LIBRARIES = ("CORS_", "REST_FRAMEWORK", "SPECTACULAR_", "DJANGO_PROSE_EDITOR_", "TASKS", "ROOT_URLCONF")
# What only settings.py reads, to make other settings of it.
OF_SETTINGS_ITSELF = {"BASE_DIR", "HTTPS", "DATABASE_CONN_MAX_AGE", "DATABASE_POOLER", "IS_POOLED", "IS_LOCAL", "LOCAL"}


def settings_read():
    """Every name that settings.py asks the environment for."""
    for node in ast.walk(ast.parse((ROOT / "cms" / "settings.py").read_text())):
        if isinstance(node, ast.Call) and getattr(getattr(node.func, "value", None), "id", "") == "env":
            yield node.args[0].value


def settings_described():
    section = (ROOT / "docs" / "operating.md").read_text().split("## Settings")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `([A-Z0-9_]+)` \| ([^|]+) \|", section, re.MULTILINE))


def code():
    for app in ("cms", "media", "articles"):
        yield from (ROOT / app).rglob("*.py")


@pytest.fixture
def start(monkeypatch, tmp_path):
    """Read settings.py anew with these settings given, and none besides."""

    def read(**given):
        for name in set(settings_read()) | set(given):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "metrics"))
        for name, value in ({"VAR_DIR": str(tmp_path)} | given).items():
            monkeypatch.setenv(name, value)
        spec = importlib.util.spec_from_file_location("cms.settings_anew", ours.__file__)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return read


def test_every_setting_is_described_and_no_other():
    assert sorted(settings_described()) == sorted(set(settings_read()))


def test_defaults_are_described_as_they_are(start):
    made = vars(start())
    described = settings_described()
    simple = {name for name in described if isinstance(made.get(name), (bool, int, str)) and name != "SECRET_KEY"}
    assert len(simple) > 15
    for name in simple:
        words = str(made[name]).lower() if isinstance(made[name], bool) else str(made[name])
        assert described[name] in ({f"`{words}`"} if words else {"none"}), name


def test_every_setting_that_code_reads_is_defined_and_the_other_way_round():
    read = {name for path in code() for name in re.findall(r"\bsettings\.([A-Z][A-Z0-9_]+)", path.read_text())}
    defined = {name for name in vars(ours) if name.isupper() and name != "NOWHERE"}
    django = {name for name in vars(global_settings) if name.isupper()}
    assert read - defined - django == set()
    assert {name for name in defined - django - read if not name.startswith(OF_LIBRARIES)} == OF_SETTINGS_ITSELF


def test_no_code_guesses_whether_a_setting_exists():
    guesses = r"(getattr|hasattr)\(\s*(django_)?settings\b"
    assert [str(path) for path in code() if re.search(guesses, path.read_text())] == []


def test_nothing_else_reads_the_environment():
    mine = {"settings.py", "environment.py"}
    readers = {path.name for path in code() if re.search(r"os\.(environ|getenv)", path.read_text())} - mine
    assert readers == {"wsgi.py", "launch.py", "metrics.py"}, "these set DJANGO_SETTINGS_MODULE or ask for a folder"


def test_each_setting_has_wrong_values_here():
    assert set(WRONG) == set(settings_read())
    assert all(len(values) >= 3 for values in WRONG.values())


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_value_stops_the_start_with_a_sentence_that_names_it(start, name, value):
    with pytest.raises(environment.WrongSetting) as stopped:
        start(**{name: value})
    sentence = str(stopped.value)
    assert name in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "hun" not in sentence, "no password is repeated"


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in RIGHT.items() for value in values])
def test_a_right_value_starts(start, name, value):
    assert start(**{name: value})


@pytest.mark.parametrize("name", sorted(WRONG))
def test_an_empty_value_counts_as_none(start, name):
    without, empty = vars(start()), vars(start(**{name: ""} if name != "VAR_DIR" else {}))
    changed = [key for key in without if key.isupper() and str(without[key]) != str(empty[key])]
    assert changed == []


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"PURGE_BACKEND": "ban"}, "PURGE_URLS"),
        ({"S3_ACCESS_KEY_ID": "desk"}, "S3_SECRET_ACCESS_KEY"),
        ({"EMAIL_URL": "smtp://localhost"}, "PUBLIC_URL"),
        ({"PHOTO_DESK_EMAIL": "photos@example.com"}, "EMAIL_URL"),
        ({"DATABASE_REPLICA_URL": "postgres:///copy"}, "DATABASE_URL"),
        ({"PHOTO_SERVING": "redirect"}, "S3_BUCKET"),
    ],
)
def test_what_is_missing_beside_a_setting_is_named(start, given, named):
    with pytest.raises(environment.WrongSetting, match=f"{next(iter(given))}.*{named}"):
        start(**given)


@pytest.mark.parametrize(
    "command",
    [["manage.py", "check"], ["manage.py", "worker"], ["-m", "cms.serving"], ["-m", "cms.launch", "--port", "8956"]],
    ids=" ".join,
)
def test_every_command_stops_with_one_line(command, tmp_path):
    given = os.environ | {"VAR_DIR": str(tmp_path), "SEARCH_RATE": "fast"}
    done = subprocess.run([sys.executable, *command], env=given, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "SEARCH_RATE must be a number of requests, a slash and s, min, hour or day, such as 600/min, not “fast”."
    ]


def test_a_folder_with_odd_signs_holds_the_database(start, tmp_path):
    folder = tmp_path / "a+b %20#c?d"
    assert start(VAR_DIR=str(folder)).DATABASES["default"]["NAME"] == str(folder / "marquee.sqlite3")


def test_a_file_of_settings_is_read_and_its_wrong_lines_are_named(monkeypatch, tmp_path):
    monkeypatch.setenv("SEARCH_RATE", "5/min")
    monkeypatch.setenv("WRITE_RATE", "")
    monkeypatch.delenv("WRITE_RATE")
    path = tmp_path / ".env"
    environment.read_file(path)
    path.write_text("# Ours\n\nWRITE_RATE='7/min'\nSEARCH_RATE=6/min\n")
    environment.read_file(path)
    assert (os.environ["WRITE_RATE"], os.environ["SEARCH_RATE"]) == ("7/min", "5/min")
    path.write_text("WRITE_RATE=7/min\nSEARCH_RATE = 5/min\n")
    with pytest.raises(environment.WrongSetting, match="line 2"):
        environment.read_file(path)
    path.write_bytes(b"DEFAULT_FROM_EMAIL=caf\xe9@example.com\n")
    with pytest.raises(environment.WrongSetting, match="cannot be read"):
        environment.read_file(path)


@pytest.mark.parametrize(
    ("url", "port", "use_tls", "use_ssl"),
    [
        ("smtp://mail.example.com", 25, False, False),
        ("smtp://desk:p%40ss@mail.example.com?tls", 587, True, False),
        ("smtp://desk:p%40ss@mail.example.com:2525?tls", 2525, True, False),
        ("smtps://desk:p%40ss@mail.example.com", 465, False, True),
    ],
)
def test_an_address_names_the_mail_server(start, url, port, use_tls, use_ssl):
    mail = start(EMAIL_URL=url, PUBLIC_URL="https://cms.example.com").mail
    assert (mail.host, mail.port, mail.use_tls, mail.use_ssl) == ("mail.example.com", port, use_tls, use_ssl)
    assert (mail.user, mail.password) == (("desk", "p@ss") if "@" in url else ("", ""))
