"""Bank, card, identity and tax numbers, recognized by their checksums."""

import re
from collections.abc import Callable, Iterator

from stdnum.br import cnpj, cpf
from stdnum.cn import ric
from stdnum.es import nie
from stdnum.fr import nir
from stdnum.in_ import pan
from stdnum.it import codicefiscale
from stdnum.kr import rrn
from stdnum.mx import curp

from shared.scenarios.redaction.forms.checksums import is_card, is_iban
from shared.scenarios.redaction.forms.labeling import Page
from shared.scenarios.redaction.kinds import Kind, Span, normalize

_IBAN = re.compile(
    r"(?<![^\W_])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_CARD = re.compile(r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])", re.ASCII)
#: What all of these numbers contain.
_CANDIDATE = re.compile(r"\d(?:[ ./-]?[\dA-Z]){6}|[A-Z]{5}\d{4}", re.IGNORECASE)
_GROUPED_CARD = re.compile(r"\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{5}")


def _has_snils_checksum(text: str) -> bool:
    """Check the insurance number of Russia: the weighted sum of its nine digits, mod 101."""
    digits = [int(character) for character in text if character.isdigit()]
    total = sum(digit * weight for digit, weight in zip(digits[:9], range(9, 0, -1), strict=True))
    return total % 101 % 100 == digits[9] * 10 + digits[10]


#: Numbers that are recognized without a label: with letters and a checksum, or with two check
#: digits, or with a date of birth and a checksum, or in a form that nothing else has.
_STRONG: dict[str, tuple[Callable[[str], bool], ...]] = {
    r"\d{3}\.\d{3}\.\d{3}-\d{2}": (cpf.is_valid,),
    r"\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}": (cnpj.is_valid,),
    r"\d{17}[\dXx]": (ric.is_valid,),
    r"[12] ?\d{2} ?\d{2} ?[\dAB]{2} ?\d{3} ?\d{3} ?\d{2}": (nir.is_valid,),
    r"[XYZ]-?\d{7}-?[A-Z]": (nie.is_valid,),
    r"[A-Z]{6}[\dLMNP-V]{2}[A-EHLMPR-T][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]": (
        codicefiscale.is_valid,
    ),
    r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z\d]\d": (curp.is_valid,),
    r"\d{6}-\d{7}": (rrn.is_valid,),
    r"[A-Z]{3}P[A-Z]\d{4}[A-Z]": (pan.is_valid,),
    r"\d{3}-\d{3}-\d{3} \d{2}": (_has_snils_checksum,),
    # Social security of the USA, national insurance of the United Kingdom: no checksum.
    r"(?!000|666|9)\d{3}-\d{2}-\d{4}": (bool,),
    r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] \d{2} \d{2} \d{2} [A-D]": (bool,),
}
_FORMS = re.compile(
    rf"(?<![A-Za-z0-9.-])(?:{'|'.join(f'({form})' for form in _STRONG)})(?![A-Za-z0-9-]|\.\d)"
)
_CHECKS = tuple(_STRONG.values())
#: Labels of what a card pays.
_PAID = re.compile(
    r"pay|paid|bill|charg|refund|deposit|price|total|amount|cost|zahl(?!er)|preis|betrag|paiement|prix"
    r"|montant|pago|precio|importe|prezzo|preco|valor|prijs|bedrag|kwot|cen|сумм|цен|стоимост"
    r"|плат|odeme|tutar|金額|価格|返金|付款|支付|金额|退款|结账|결제|금액|환불|가격"
)


def find_documents(page: Page) -> Iterator[Span]:
    """Find the bank, card, identity and tax numbers in a text."""
    if not _CANDIDATE.search(page.plain):
        return
    for found in _IBAN.finditer(page.plain):
        end = found.end()
        while end - found.start() >= 15 and not is_iban(_compact(page.plain[found.start() : end])):
            end = page.plain.rfind(" ", found.start(), end)
        if end - found.start() >= 15:
            yield page.span(found.start(), end, Kind.ACCOUNT)
    for found in _CARD.finditer(page.plain):
        if is_card(normalize(Kind.CARD, found[0])) and (
            _is_paid(page, found) or not _is_impersonal(page, *found.span())
        ):
            yield page.span(*found.span(), Kind.CARD)
    for found in _FORMS.finditer(page.plain):
        valid = any(check(found[0]) for check in _CHECKS[(found.lastindex or 1) - 1])
        if valid and not _is_impersonal(page, *found.span()):
            yield page.span(*found.span(), Kind.ID_NUMBER)


def _compact(text: str) -> str:
    return text.replace(" ", "").upper()


def _is_paid(page: Page, found: re.Match[str]) -> bool:
    """Check for a card after the label of what it pays: "the payment by 4111 1111 1111 1111"."""
    label = page.label_before(found.start())
    paid = label is not None and _PAID.match(page.lower, label.start) is not None
    return paid and _GROUPED_CARD.fullmatch(found[0]) is not None


def _is_impersonal(page: Page, start: int, end: int) -> bool:
    """Check for the label of an order, a product, a telephone or another thing."""
    label = page.near_label(start)
    return page.numbers_thing(start, end) or (label is not None and label.kind is Kind.PHONE)
