"""Search of the bench for planted values: it finds them in notations that nobody planted."""

from datetime import date
from itertools import combinations

import pytest

from benchmarks.personal_data.conversations import SETS, read_cases
from benchmarks.personal_data.readable import Text, find
from benchmarks.personal_data.values import Kind, Value

BENJAMIN = Value(Kind.NAME, "Benjamin van der Green", ("Benjamin", "van der Green"))
WANG = Value(Kind.NAME, "王小明", ("小明", "王"))
HORTON = Value(Kind.ADDRESS, "8984 Horton Pine", ("Horton Pine", "8984"))
BORN = Value(Kind.DATE_OF_BIRTH, "01.03.1921", day=date(1921, 3, 1), group="de_DE")
PHONE = Value(Kind.PHONE, "427-202-3097x12")
ACCOUNT = Value(Kind.ACCOUNT, "DE54117002120572216414")
EMAIL = Value(Kind.EMAIL, "b.green@example.org")


@pytest.mark.parametrize(
    "value, text",
    [
        (BENJAMIN, "from benjamin, today"),
        (BENJAMIN, "Mr GREEN's order"),
        (WANG, "请问王先生在吗"),
        (WANG, "请找小明"),
        (HORTON, "to horton  pine"),
        (HORTON, "to 8984 Horton <NAME_1>"),
        (BORN, "born on 1921-03-01"),
        (BORN, "am 1. März 1921"),
        (PHONE, "+1 (427) 202 3097"),
        (ACCOUNT, "DE54 1170 0212 0572 2164 14"),
        (EMAIL, "B.Green (at) example.org"),
    ],
)
def test_value_in_another_notation_is_found(value: Value, text: str) -> None:
    assert find(value, Text(text)) is not None


@pytest.mark.parametrize(
    "value, text",
    [
        (BENJAMIN, "<NAME_1> van der <NAME_2> likes evergreen"),
        (WANG, "国王的订单"),
        (HORTON, "<ADDRESS_1> near Pine"),
        (BORN, "11.03.19215"),
        (PHONE, "427-202-3098"),
        (EMAIL, "<EMAIL_1> of green@example.org"),
    ],
)
def test_other_text_is_not_taken_for_the_value(value: Value, text: str) -> None:
    assert find(value, Text(text)) is None


def test_every_planted_value_is_found_in_its_conversation() -> None:
    for case in (case for name in SETS for case in read_cases(name)):
        text = Text("\n".join(case.texts()))
        assert all(find(planted.value, text) for planted in case.planted)


def test_sets_share_no_sentence_and_no_name() -> None:
    texts = {
        name: {
            *(m["content"] for case in cases for m in case.messages if m["role"] == "user"),
            *(p.value.text for case in cases for p in case.planted if p.value.kind is Kind.NAME),
        }
        for name, cases in zip(SETS, map(read_cases, SETS), strict=True)
    }

    for one, other in combinations(SETS, 2):
        assert not texts[one] & texts[other], (one, other)
