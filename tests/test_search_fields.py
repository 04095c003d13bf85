"""Fields that search for their row: a name typed where a row was to be chosen is refused in a sentence."""

import pytest

from tests import newsroom

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["Walked", "9" * 30, "-1", "1.5", "None", "‮"])
@pytest.mark.parametrize("page", ["media/agency", "media/licence", "media/site", "articles/section"])
def test_what_is_no_key_is_refused_and_the_form_shown_again(admin_client, page, typed):
    names = ("parent", "agency", "stand_in_photo")
    answer = admin_client.post(
        f"/admin/{page}/add/", dict.fromkeys(names, typed) | {"name": "Northlight", "reference": "N-1"}
    )
    assert answer.status_code in (200, 422), answer.content[:300]
    assert "Northlight" in answer.text or "N-1" in answer.text


def test_a_key_in_an_inline_is_refused_too(admin_client):
    photo = newsroom.photo()
    form = {f"{name}-{count}_FORMS": 0 for name in ("rights", "appearances") for count in ("TOTAL", "INITIAL")}
    answer = admin_client.post(
        f"/admin/media/photo/{photo.pk}/change/",
        form | {"appearances-TOTAL_FORMS": 1, "appearances-0-person": "Walked"},
    )
    assert answer.status_code < 500
