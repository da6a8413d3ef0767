"""Sentences, and cutting at them."""

import pytest

from shared.scenarios.text import cleaned, cut, sentences


def test_given_a_turn_then_its_sentences_are_found() -> None:
    assert sentences(
        "Hi! I need 3.5 kg at 5 p.m. today. Mr. Li comes.Good?\n1. One\n- two\n42"
    ) == [
        "Hi!",
        "I need 3.5 kg at 5 p.m. today.",
        "Mr. Li comes.",
        "Good?",
        "One",
        "two",
    ]


def test_given_full_width_marks_then_they_end_sentences() -> None:
    assert sentences("我想退货。谢谢。") == ["我想退货。", "谢谢。"]


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("Short.", 10, "Short."),
        ("First one. Second one. Third.", 24, "First one. Second one."),
        ("No end of sentence in here at all", 20, "No end of sentence\u2026"),
        ("a" * 50, 10, "a" * 9 + "\u2026"),
        ("See: 1. One-way tickets 2. Economy seats", 26, "See: 1. One-way tickets\u2026"),
    ],
)
def test_given_a_long_text_then_it_is_cut_where_it_reads_well(
    text: str, limit: int, short: str
) -> None:
    assert cut(text, limit) == short
    assert len(cut(text, limit)) <= limit


def test_given_markers_of_a_harness_then_they_are_removed() -> None:
    assert cleaned("Thanks! ###STOP###") == "Thanks!"
    assert cleaned("Issue #42 is mine") == "Issue #42 is mine"
