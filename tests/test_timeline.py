"""Which edition is live when, asked of the pure timeline."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.history.timeline import FOREVER, Decision, Window, at, coming, windows

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def day(number):
    return DAY + timedelta(days=number)


def live_on(decisions, number):
    """Return the number of the edition readers get on that day, "gone", or None before the first."""
    window = at(windows(decisions), day(number))
    return None if window is None else "gone" if window.gone else window.number


def test_nothing_is_live_before_the_first_edition():
    assert live_on([Decision(1, day(1))], 0) is None
    assert live_on([Decision(1, day(1))], 1) == 1


def test_newer_edition_takes_over_at_its_instant():
    story = [Decision(1, day(0)), Decision(2, day(5))]
    assert [live_on(story, number) for number in (0, 4, 5, 100)] == [1, 1, 2, 2]


def test_later_decision_wins_where_two_begin_at_the_same_instant():
    assert windows([Decision(1, day(0)), Decision(2, day(0))]) == [Window(day(0), FOREVER, 2, False)]


def test_edition_scheduled_earlier_than_a_later_one_rules_in_between():
    story = [Decision(1, day(0)), Decision(2, day(10)), Decision(3, day(5))]
    assert [live_on(story, number) for number in (0, 5, 10)] == [1, 3, 2]


def test_ended_edition_is_not_resumed_by_an_older_one():
    story = [Decision(1, day(0)), Decision(2, day(2), ends=day(4))]
    assert [live_on(story, number) for number in (0, 2, 4, 50)] == [1, 2, "gone", "gone"]


def test_end_after_a_takeover_means_nothing_any_more():
    story = [Decision(1, day(0), ends=day(9)), Decision(2, day(2))]
    assert [live_on(story, number) for number in (0, 2, 9, 50)] == [1, 2, 2, 2]


def test_story_published_again_after_its_end_is_live_again():
    story = [Decision(1, day(0), ends=day(1)), Decision(2, day(3))]
    assert [live_on(story, number) for number in (0, 1, 2, 3)] == [1, "gone", "gone", 2]


def test_withdrawal_leaves_a_gone_window_until_the_next_edition():
    story = [Decision(1, day(0)), Decision(2, day(1), withdrawal=True), Decision(3, day(2))]
    assert [live_on(story, number) for number in (0, 1, 2)] == [1, "gone", 3]


def test_withdrawal_before_anything_was_live_is_no_window():
    assert windows([Decision(1, day(0), withdrawal=True)]) == []
    assert windows([Decision(1, day(0), withdrawal=True), Decision(2, day(1))])[0].live_from == day(1)


def test_no_editions_no_windows():
    assert windows([]) == []
    assert at([], day(0)) is None


def test_coming_holds_the_present_window_and_later_ones():
    spans = windows([Decision(1, day(0)), Decision(2, day(5)), Decision(3, day(9))])
    assert [span.number for span in coming(spans, day(5))] == [2, 3]


instants = st.integers(0, 30).map(day)


@st.composite
def stories(draw):
    return [
        Decision(number, start, draw(st.one_of(st.just(FOREVER), instants.filter(lambda end, s=start: end > s))), draw(st.booleans()))
        for number, start in enumerate(draw(st.lists(st.integers(0, 29).map(day), max_size=7)), 1)
    ]  # fmt: skip


@given(stories())
def test_windows_are_in_order_and_leave_no_gap(story):
    spans = windows(story)
    for before, after in pairwise(spans):
        assert before.live_from < before.live_until == after.live_from
    if spans:
        assert not spans[0].gone
        assert spans[-1].live_until == FOREVER


@given(stories(), st.integers(0, 31).map(day))
def test_window_agrees_with_the_rule_in_words(story, instant):
    """Newest by (live_from, number) of those begun; past its end, or a withdrawal, the story is gone."""
    begun = [decision for decision in story if decision.live_from <= instant]
    window = at(windows(story), instant)
    if not begun:
        assert window is None
        return
    newest = max(begun, key=lambda decision: (decision.live_from, decision.number))
    is_live = not newest.withdrawal and instant < newest.ends
    if is_live:
        assert (window.number, window.gone) == (newest.number, False)
    else:
        assert window is None or window.gone


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_order_in_which_editions_are_read_does_not_matter(order):
    story = [Decision(1, day(0)), Decision(2, day(3), ends=day(6)), Decision(3, day(4), withdrawal=True)]
    assert windows([story[index] for index in order]) == windows(story)
