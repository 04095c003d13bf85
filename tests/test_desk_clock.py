"""The desk's clock is the site's: what is typed, shown and read as a date means the same day everywhere."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db.models import DateTimeField
from django.urls import reverse

from media.admin.fields import MomentField
from media.models import Agency, Photo, Right, Site, Usage
from media.rights.decision import Rule, Use, decide
from media.site import zone_of

from . import newsroom
from .test_photo_desk import change, posted

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)

# The zone, a day, and the instant after its last second: plain days, and days on which clocks are changed.
ENDS = [
    ("America/Los_Angeles", "2026-12-01", "2026-12-02T08:00:00+00:00"),
    ("America/Los_Angeles", "2026-03-08", "2026-03-09T07:00:00+00:00"),
    ("America/Los_Angeles", "2026-11-01", "2026-11-02T08:00:00+00:00"),
    ("Asia/Kathmandu", "2026-12-01", "2026-12-01T18:15:00+00:00"),
    ("Europe/London", "2026-03-28", "2026-03-29T00:00:00+00:00"),
    ("Europe/London", "2026-03-29", "2026-03-29T23:00:00+00:00"),
    ("Europe/London", "2026-10-24", "2026-10-24T23:00:00+00:00"),
    ("Europe/London", "2026-10-25", "2026-10-26T00:00:00+00:00"),
    ("UTC", "2026-12-01", "2026-12-02T00:00:00+00:00"),
]


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def in_zone(zone) -> Site:
    site = newsroom.site()
    site.time_zone = zone
    site.save()
    return site


def save_right(desk, photo, **typed):
    """Type a right into the photo's page, as the browser sends it."""
    fields = {
        f"rights-0-{name}": value
        for name, value in {"effect": "allow", "standing": "confirmed", "cost": "free"}.items()
    }
    typed = {f"rights-0-{name}": value for name, value in typed.items()}
    return desk.post(change(photo), posted(desk.get(change(photo))) | {"rights-TOTAL_FORMS": "1"} | fields | typed)


def shown(page, name) -> list[str]:
    """Return what the two boxes of a right's moment hold on the page."""
    boxes = [re.search(f'<input[^>]*name="rights-0-{name}_{number}"[^>]*>', page)[0] for number in (0, 1)]
    return [found[1] if (found := re.search('value="([^"]*)"', box)) else "" for box in boxes]


def save_again(desk, photo, page):
    """Send the right back as the page shows it, with another note."""
    data = {f"rights-0-{name}_{at}": shown(page, name)[at] for name in ("starts", "until") for at in (0, 1)}
    data |= {"rights-INITIAL_FORMS": "1", "rights-0-id": photo.rights.get().pk, "rights-0-photo": photo.pk}
    data |= {"rights-0-effect": "allow", "rights-0-standing": "confirmed", "rights-0-cost": "free"}
    given = posted(desk.get(change(photo)))
    given = {name: value for name, value in given.items() if not name.startswith("rights-0")}
    answer = desk.post(change(photo), given | {"rights-TOTAL_FORMS": "1", "rights-0-note": "again"} | data)
    assert answer.status_code == 302, answer.context["errors"]
    assert photo.rights.get().note == "again"


@pytest.mark.parametrize(("zone", "day", "end"), ENDS)
def test_until_a_day_lasts_to_the_end_of_that_day_on_the_sites_clock(desk, zone, day, end):
    site, photo, end = in_zone(zone), newsroom.photo(), datetime.fromisoformat(end)
    assert save_right(desk, photo, until_0=day, until_1="").status_code == 302
    photo = Photo.objects.with_facts().get()
    assert photo.rights.get().until == end
    assert photo.usable(site.use(end - SECOND))
    refused = photo.usable(site.use(end))
    assert not refused
    shown = end.astimezone(zone_of(zone))
    assert f"ended on {shown:%B %-d, %Y}, 12:00 AM " in refused.reason
    assert set(Photo.objects.usable(site.use(end - SECOND))) == {photo}
    assert not Photo.objects.usable(site.use(end)).exists()


@pytest.mark.parametrize(("zone", "day", "end"), ENDS[2:7:2])
def test_a_day_is_shown_again_as_it_was_typed_and_saving_the_page_changes_nothing(desk, zone, day, end):
    in_zone(zone)
    photo = newsroom.photo()
    save_right(desk, photo, starts_0=day, starts_1="12:30", until_0=day, until_1="")
    page = desk.get(change(photo)).content.decode()
    assert shown(page, "starts") == [day, "12:30:00"]
    assert shown(page, "until") == [day, ""]
    save_again(desk, photo, page)
    assert photo.rights.get().until == datetime.fromisoformat(end)


def test_a_file_and_the_desk_mean_the_same_day():
    from media.files.metadata import Metadata
    from media.local_time import day_begins, day_ends
    from media.rights.restrictions import read_plus

    zone = zone_of("America/Los_Angeles")
    starts, ends = read_plus(Metadata(license_start="2026-11-30", license_end="2026-12-01"), zone)
    assert starts.ends == day_begins(date(2026, 11, 30), zone)
    assert ends.starts == day_ends(date(2026, 12, 1), zone)


@pytest.mark.parametrize(
    ("zone", "day", "clock", "sentence"),
    [
        ("America/Los_Angeles", "2026-03-08", "02:30", "02:30 does not exist in America/Los_Angeles on March 8, 2026"),
        ("Europe/London", "2026-03-29", "01:00", "01:00 does not exist in Europe/London on March 29, 2026"),
        ("Europe/London", "2026-10-25", "01:30", "Enter “01:30 BST” for the first or “01:30 GMT” for the second."),
        (
            "America/Los_Angeles",
            "2026-11-01",
            "01:00",
            "Enter “01:00 PDT” for the first or “01:00 PST” for the second.",
        ),
        ("Europe/London", "2026-10-25", "01:30 PST", "“PST” is not the time zone of Europe/London then."),
        ("Europe/London", "2026-10-25", "25:30", "“25:30” is not a time. Enter it as 18:30."),
        ("UTC", "", "10:00", "Enter a date too."),
    ],
)
def test_hours_that_are_skipped_or_happen_twice_are_told(desk, zone, day, clock, sentence):
    in_zone(zone)
    photo = newsroom.photo()
    page = save_right(desk, photo, until_0=day, until_1=clock)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not Right.objects.exists()


@pytest.mark.parametrize(
    ("zone", "day", "clock", "instant"),
    [
        ("Europe/London", "2026-10-25", "01:30 BST", "2026-10-25T00:30:00+00:00"),
        ("Europe/London", "2026-10-25", "01:30 gmt", "2026-10-25T01:30:00+00:00"),
        ("America/Los_Angeles", "2026-11-01", "01:59:59 PDT", "2026-11-01T08:59:59+00:00"),
        ("America/Los_Angeles", "2026-11-01", "01:00:00 PST", "2026-11-01T09:00:00+00:00"),
        ("Asia/Kathmandu", "2026-11-01", "01:00", "2026-10-31T19:15:00+00:00"),
    ],
)
def test_either_of_two_hours_can_be_typed_and_is_shown_again(desk, zone, day, clock, instant):
    in_zone(zone)
    photo = newsroom.photo()
    assert save_right(desk, photo, until_0=day, until_1=clock).status_code == 302
    assert photo.rights.get().until == datetime.fromisoformat(instant)
    page = desk.get(change(photo)).content.decode()
    assert shown(page, "until")[0] == day
    save_again(desk, photo, page)
    assert photo.rights.get().until == datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("America/Los_Angeles", "ended on November 30, 2026, 4:00 PM PST."),
        ("Asia/Kathmandu", "ended on December 1, 2026, 5:45 AM UTC+05:45."),
        ("Europe/London", "ended on December 1, 2026, 12:00 AM GMT."),
    ],
)
def test_a_reason_is_told_on_the_sites_clock(zone, words):
    end = datetime(2026, 12, 1, tzinfo=UTC)
    decision = decide([Rule("allow", "Agency A", until=end)], Use(at=end, zone=zone_of(zone)), "agency")
    assert decision.reason.endswith(words)


def test_pages_say_the_zone_once_and_show_every_moment_in_it(desk):
    in_zone("America/Los_Angeles")
    photo = newsroom.photo(taken_at=datetime(2026, 3, 1, 4, tzinfo=UTC))
    end = datetime.now(UTC).replace(hour=2, minute=17, second=0, microsecond=0) + timedelta(days=3)
    Right.objects.create(photo=photo, effect="allow", until=end)
    there = end.astimezone(zone_of("America/Los_Angeles"))
    board = reverse("admin:media_photo_board", args=["expiring"])
    for address in (
        change(photo),
        board,
        reverse("admin:index"),
        reverse("admin:media_photo_evidence", args=[photo.pk]),
    ):
        page = desk.get(address).content.decode()
        assert page.count("All dates and times are in the time zone America/Los_Angeles.") == 1, address
        assert f"{there:%H:%M}" in page or f"{there:%-I:%M}" in page, address
        assert "02:17" not in page, address
    assert "Feb 28, 2026" in desk.get(reverse("admin:media_photo_changelist")).content.decode()


def test_days_and_times_are_written_in_one_way():
    """As cms/en/formats.py says; the ledger’s own words stay as they were kept, so that it knows them again."""
    other = re.compile(r"""date:"(?:[jd] [MFn]|[^"T]*[HG]:i)|%-?d %[bB]|%[bB] %-?d[^"]*%H""")
    files = [
        path for app in ("articles", "media", "cms") for path in Path(app).rglob("*") if path.suffix in (".py", ".html")
    ]
    found = [
        f"{path}: {line.strip()[:120]}"
        for path in files
        for line in path.read_text().splitlines()
        if other.search(line) and "self.at.astimezone(UTC)" not in line
    ]
    assert found == []


def test_a_story_is_on_the_clock_of_its_own_site(desk):
    in_zone("America/Los_Angeles")
    nepal = Site.objects.create(name="Marquee Nepal", time_zone="Asia/Kathmandu")
    story = newsroom.article(embargo_until=datetime(2031, 1, 1, tzinfo=UTC), embargo_reason="The studio")
    story.site = nepal
    story.save()
    page = desk.get(reverse("admin:articles_article_change", args=[story.pk])).content.decode()
    assert 'name="embargo_until_1" value="05:45:00"' in page
    assert "the time zone Asia/Kathmandu" in page
    panel = desk.get(reverse("admin:articles_article_publishing", args=[story.pk])).content.decode()
    assert "Embargo until Jan 1, 2031, 5:45 AM" in panel


def test_every_moment_a_form_asks_for_is_read_on_the_desks_clock(desk):
    """Also of a table that is new: the admin site sees to it."""
    request = desk.get(reverse("admin:index")).wsgi_request
    forms = [each.get_form(request) for each in admin.site._registry.values() if each.has_add_permission(request)]
    inlines = [
        inline(model, admin.site).get_formset(request).form
        for model, owner in admin.site._registry.items()
        for inline in owner.inlines
    ]
    asked = 0
    for form in [*forms, *inlines]:
        for name, field in form.base_fields.items():
            if isinstance(form._meta.model._meta.get_field(name) if name in _columns(form) else None, DateTimeField):
                asked += 1
                assert isinstance(field, MomentField), (form, name)
    assert asked > 5


def _columns(form) -> set[str]:
    return {field.name for field in form._meta.model._meta.get_fields()}


def test_a_zone_that_is_none_is_refused_in_a_sentence(desk):
    site = newsroom.site()
    address = reverse("admin:media_site_change", args=[site.pk])
    data = {key: value for key, value in desk.get(address).context["adminform"].form.initial.items() if value}
    page = desk.post(address, data | {"territories": "", "time_zone": "Mars/Olympus"})
    assert "“Mars/Olympus” is not a time zone." in page.content.decode()
    Site.objects.filter(pk=site.pk).update(time_zone="America")
    assert desk.get(reverse("admin:index")).status_code == 200


def test_the_ledger_is_reported_by_the_sites_days(desk, capsys):
    in_zone("America/Los_Angeles")
    last = datetime(2026, 12, 2, 8, tzinfo=UTC)
    for name, at in (("in", last - SECOND), ("out", last)):
        Usage.objects.create(photo=Photo().pk, headline=name, live_from=at)
    call_command("usage_report", "--from", "2026-12-01", "--to", "2026-12-01")
    out = capsys.readouterr().out
    assert "2026-12-01T23:59:59-08:00" in out
    assert ",out," not in out
    table = b"".join(desk.get(reverse("admin:media_usage_csv")).streaming_content).decode()
    assert "live from (America/Los_Angeles)" in table
    assert "2026-12-02 00:00:00" in table


def test_the_digest_tells_moments_on_the_sites_clock(capsys):
    in_zone("Asia/Kathmandu")
    photo = newsroom.photo()
    end = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=2)
    Right.objects.create(photo=photo, effect="allow", until=end)
    call_command("photo_desk_digest")
    assert f"changes {end:%B %-d, %Y}, 3:45 PM UTC+05:45" in capsys.readouterr().out


def test_an_agencys_right_is_typed_on_the_same_clock(desk):
    in_zone("America/Los_Angeles")
    agency = Agency.objects.get(name="Getty Images")
    address = reverse("admin:media_agency_change", args=[agency.pk])
    page = desk.get(address)
    data = {name: value for name, value in page.context["adminform"].form.initial.items() if value is not None}
    for each in page.context["inline_admin_formsets"]:
        formset = each.formset
        data |= {f"{formset.prefix}-{key}": value for key, value in formset.management_form.initial.items()}
        data |= {row.add_prefix(name): row[name].value() or "" for row in formset.forms for name in row.fields}
    data |= {"rights-TOTAL_FORMS": "1", "rights-0-effect": "deny", "rights-0-standing": "confirmed"}
    data |= {"rights-0-cost": "free", "rights-0-starts_0": "2026-12-01", "rights-0-starts_1": ""}
    answer = desk.post(address, {key: value for key, value in data.items() if not isinstance(value, list)})
    assert answer.status_code == 302, answer.context["errors"]
    assert agency.rights.get().starts == datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_the_login_page_shows_no_dates_and_names_no_clock(client):
    assert "time zone" not in client.get("/admin/login/").content.decode()
