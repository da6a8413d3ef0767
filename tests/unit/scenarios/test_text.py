"""Text processing: sentences, truncation, markers."""

import pytest

from shared.scenarios.text import clean, split_sentences, truncate


def test_sentences_are_split() -> None:
    assert split_sentences(
        "Hi! I need 3.5 kg at 5 p.m. today. Mr. Li comes.Good?\n1. One\n- two\n42"
    ) == ["Hi!", "I need 3.5 kg at 5 p.m. today.", "Mr. Li comes.", "Good?", "One", "two"]
    assert split_sentences("我想退货。谢谢。") == ["我想退货。", "谢谢。"]


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
def test_long_text_is_truncated_at_sentence_or_word(text: str, limit: int, short: str) -> None:
    assert truncate(text, limit) == short
    assert len(truncate(text, limit)) <= limit


def test_harness_markers_are_removed() -> None:
    assert clean("Thanks! ###STOP###") == "Thanks!"
    assert clean("Issue #42 is mine") == "Issue #42 is mine"
