"""Names in Chinese, Japanese and Korean texts."""

import pytest

from shared.scenarios.redaction.names.unspaced_names import find_unspaced_names


def _names(text: str, *, answer: bool = False) -> set[str]:
    return {text[start:end] for start, end in find_unspaced_names(text, answer=answer)}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("你好，我叫佘帆。 我想退货", "佘帆"),
        ("是我妻子李玉华下的单。", "李玉华"),
        ("谢谢，刘娟", "刘娟"),
        ("放在邻居王宁家", "王宁"),
        ("包裹是王淑兰签收的。", "王淑兰"),
        ("left with neighbour 郭玉华", "郭玉华"),
        ("こんにちは、藤田涼平と申します。", "藤田涼平"),
        ("注文したのは妻の吉田七夏です。", "吉田七夏"),
        ("よろしくお願いします。田中舞", "田中舞"),
        ("加藤治様が受け取り予定", "加藤治"),
        ("上司の鈴木くみ子が承認しました。", "鈴木くみ子"),
        ("제 이름은 김민수입니다", "김민수"),
        ("김지영 통화 완료", "김지영"),
        ("반품하고 싶어요.\n수고하세요,\n김성진", "김성진"),
        ("김성진인데요, 지난주에 통화했어요", "김성진"),
        ("김성진 고객 문의", "김성진"),
        ("보호자(김성진)와 통화", "김성진"),
        ("이수빈을 추가해 주세요", "이수빈"),
        ("对方司机姓名滕桂花，保单", "滕桂花"),
        ("房东周磊不接电话", "周磊"),
        ("森 裕樹を追加してください", "森 裕樹"),
    ],
)
def test_name_is_found(text: str, name: str) -> None:
    assert _names(text) == {name}


@pytest.mark.parametrize(
    ("text", "name"), [("舒军", "舒军"), ("伊藤涼平", "伊藤涼平"), ("한지민", "한지민")]
)
def test_answer_of_one_name_is_found(text: str, name: str) -> None:
    assert name in _names(text, answer=True)


@pytest.mark.parametrize(
    "text",
    [
        "我想去北京，周末出发",
        "订单还没有到，谢谢，再见",
        "大阪駅から京都駅まで",
        "青い田中屋の靴を買いました",
        "森永のチョコレートを3箱ください。",
        "빨간색 주문을 취소하고 싶어요",
        "금액이 얼마인지 문의 드립니다",
        "정수기 필터와 고지서, 명세서를 보내 주세요",
        "정기권 환불이 가능한가요",
        "高田馬場の店舗",
        "I want to cancel my order.",
    ],
)
def test_text_without_name_has_none(text: str) -> None:
    assert _names(text) == set()
