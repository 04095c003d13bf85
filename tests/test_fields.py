"""One table says of every editorial field what becomes of it; here it is held against the model and the verbs."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import CharField, CheckConstraint, TextField
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article
from articles.stories import fields
from articles.stories.content import snapshot

from . import newsroom

pytestmark = pytest.mark.django_db
MARK = "Quillfeather"


def columns():
    return {*Article._meta.fields, *Article._meta.many_to_many}


def test_every_column_of_a_story_stands_in_one_row_and_every_row_has_a_column():
    rows = [field.name for field in fields.FIELDS] + list(fields.NOT_EDITORIAL)
    assert sorted(rows) == sorted(column.name for column in columns())


def test_versions_hold_exactly_the_fields_that_are_kept():
    content = snapshot(newsroom.article())
    assert set(content) == {*fields.KEPT, "word_count", "reading_time_minutes"}


def test_sealing_leaves_no_word_of_any_searched_field_in_versions_or_in_the_working_copy():
    story = newsroom.article()
    texts = {column.name for column in columns() if isinstance(column, CharField | TextField) and not column.choices}
    kept = texts & set(fields.PLAIN) - {"locale", "canonical_url"}
    assert kept >= {field.name for field in fields.FIELDS if field.searched}
    for name in kept:
        setattr(story, name, f"<p>{MARK}</p>" if name == "body" else MARK)
    story.lead_decorative = False
    story.save()
    story.record()
    assert MARK in str(story.latest_version.content)
    story.seal(reason="a court order")
    row = Article.objects.values(*kept).get(pk=story.pk)
    assert [name for name, value in row.items() if MARK in str(value)] == []
    assert not any(MARK in str(version.content) for version in story.versions.all())


@given(
    headline=st.sampled_from(["", "Premiere"]),
    review_rating=st.none() | st.decimals(-2, 12, places=1),
    review_scale=st.integers(0, 10),
    embargo_until=st.none() | st.just(datetime(2030, 1, 1, tzinfo=UTC)),
    embargo_reason=st.sampled_from(["", "StreamCo asked"]),
    lead_decorative=st.booleans(),
    lead_alt=st.sampled_from([None, "", "A dress."]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_story_says_of_itself_what_the_constraints_of_the_database_would_refuse(**values):
    story = Article(slug="premiere", **values)
    said = {sentence for _, sentence in story.contradictions()}
    assert said == {sentence for constraint in checks() for sentence in refusal(constraint, story)}


def test_no_constraint_is_left_out_of_what_a_story_says_of_itself():
    story = Article(
        headline="", review_rating=Decimal(6), review_scale=5, embargo_until=datetime(2030, 1, 1, tzinfo=UTC), lead_decorative=True,
        lead_alt="A dress.",
    )  # fmt: skip
    story.translation_of_id = story.pk
    said = {sentence for _, sentence in story.contradictions()}
    # An empty slug never gets there: saving makes one of the headline.
    assert said == {each.violation_error_message for each in checks() if each.name != "article_slug_not_empty"}


def checks():
    return [each for each in Article._meta.constraints if isinstance(each, CheckConstraint)]


def refusal(constraint, story):
    try:
        constraint.validate(Article, story)
    except ValidationError as error:
        return error.messages
    return []
