"""A site’s own facts: its channels and addresses are checked in the form and held by the database."""

import pytest
from django.db import IntegrityError, transaction

from media.models import Site

from . import newsroom

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Marquee Daily", "is_default": "on", "locale": "en-US", "time_zone": "UTC",
    "url_template": "https://www.example.com{path}", "channels": ["web", "app"], "credit_separator": "/",
}  # fmt: skip
PROFILES = ["https://social.example/@daily", "https://videos.example/daily"]


def save(client, **changed):
    site = newsroom.site()
    response = client.post(f"/admin/media/site/{site.pk}/change/", {**FORM, **changed})
    site.refresh_from_db()
    return site, "" if response.status_code == 302 else response.content.decode()


def test_the_desk_says_what_a_title_has(admin_client):
    site, said = save(
        admin_client, preview_url_template="https://www.example.com/p/{token}", logo_width="600", logo_height="60",
        media_base="https://media.example.com", social_profiles="\n".join(PROFILES), footer="All rights reserved.",
    )  # fmt: skip
    assert not said
    assert (site.channels, site.social_profiles, site.page_channels) == (["web", "app"], PROFILES, ("app",))
    assert (site.footer, site.media_base) == ("All rights reserved.", "https://media.example.com")


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"channels": ["app"]}, "Keep “web” among the channels"),
    ({"channels": ["web", "print"]}, "print is not one of the available choices"),
    ({"preview_url_template": "https://www.example.com/p/"}, "with {token} in it"),
    ({"preview_url_template": "javascript:{token}"}, "with {token} in it"),
    ({"media_base": "https://media.example.com/"}, "without a slash at the end"),
    ({"media_base": "ftp://media.example.com"}, "Enter where photo files are fetched"),
    ({"social_profiles": "@daily"}, "“@daily” is not an address"),
    ({"social_profiles": "https://["}, "“https://[” is not an address"),
    ({"logo_width": "600"}, "Enter both width and height of the logo"),
    ({"logo_width": "0", "logo_height": "0"}, "Enter both width and height of the logo"),
])  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(admin_client, changed, sentence):
    before = newsroom.site().channels
    site, said = save(admin_client, **changed)
    assert sentence in said
    assert site.channels == before


@pytest.mark.parametrize(("changed", "name"), [
    ({"channels": ["app"]}, "site_has_the_web"),
    ({"preview_url_template": "https://www.example.com/"}, "site_preview_has_token"),
    ({"logo_width": 600}, "site_logo_both_sides"),
])  # fmt: skip
def test_the_database_holds_it_too(changed, name):
    site = newsroom.site()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Site.objects.filter(pk=site.pk).update(**changed)


def test_a_new_title_reaches_what_every_title_reaches():
    assert newsroom.site().channels == ["web", "feed", "social", "syndication"]


def test_structured_data_names_the_profiles_and_the_logos_size(client):
    site = newsroom.site()
    site.social_profiles, site.logo_url = [*PROFILES, "javascript:alert(1)"], "https://www.example.com/logo.png"
    site.logo_width, site.logo_height = 600, 60
    site.save()
    story = newsroom.article()
    story.publish(by=None)
    publisher = client.get(f"/api/v1/articles/{story.slug}/").json()["structured_data"]["publisher"]
    assert publisher["sameAs"] == PROFILES
    assert publisher["logo"] == {"@type": "ImageObject", "url": site.logo_url, "width": 600, "height": 60}
