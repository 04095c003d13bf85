import json
from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import LiveDocument

from . import newsroom

pytestmark = pytest.mark.django_db


def test_publishing_makes_a_whole_document():
    lead, inside = newsroom.photo(), newsroom.photo(line="REUTERS/Tom Vale")
    story = newsroom.article(
        lead=lead, photos=[inside], people=[newsroom.person()], works=[newsroom.work()], tags=[newsroom.tag()]
    )
    now = timezone.now()
    edition = story.publish(now=now)
    assert story.publish(now=now) == edition
    document = LiveDocument.objects.live(now).get()
    found = json.loads(document.bytes.document_json)
    assert found["lead"]["credit"]["line"] == "Photo by Petra Lindqvist/Getty Images for StreamCo"
    assert not LiveDocument.objects.live(now - timedelta(seconds=1)).exists()
    lead.kill(by=None, reason="test", at=now)
    assert LiveDocument.objects.stale(now).count() == 1
