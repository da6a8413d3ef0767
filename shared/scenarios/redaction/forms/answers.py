"""Values that a message gives as the answer to a question: "What is your address?"."""

import re
from collections.abc import Iterator
from dataclasses import replace

from shared.scenarios.redaction.forms.labeling import Page
from shared.scenarios.redaction.forms.patterns import find_by_form
from shared.scenarios.redaction.kinds import Kind, Span

#: Label that an answer gets, by the kind that the question asks for.
_LABELS = {
    Kind.PHONE: "phone: ",
    Kind.ADDRESS: "address: ",
    Kind.ACCOUNT: "account: ",
    Kind.CARD: "card number: ",
    Kind.ID_NUMBER: "passport: ",
    Kind.SECRET: "password: ",
    Kind.POSTAL_CODE: "zip code: ",
    Kind.CREDENTIAL: "api key: ",
}
#: Characters at the end of a message that ask, and those of an answer.
_QUESTION = 240
_ANSWER = 160
_ASKS = re.compile(
    "[?\uff1f\u061f]|please|bitte|veuillez|merci de|por favor|per favore|alstublieft|graag"
    "|prosz\u0119|podaj"
    "|пожалуйста|укажите|l\u00fctfen|ください|いただけ|请|請|주세요|कृपया|mohon|silakan",
    re.IGNORECASE,
)


def find_answers(text: str, question: str) -> Iterator[Span]:
    """Find what a short message answers to the question before it, by the labels of that.

    A question for an order or the like beside it leaves only addresses: "Your order number and
    your phone number?" can be answered in any order.
    """
    asked = question[-_QUESTION:]
    if len(text) > _ANSWER or not _ASKS.search(asked):
        return
    kinds = {label.kind for label in Page.of(asked).labels}
    for kind, label in _LABELS.items():
        if kind in kinds and (None not in kinds or kind is Kind.ADDRESS):
            for span in find_by_form(label + text):
                if span.kind in (kind, Kind.POSTAL_CODE) and span.start >= len(label):
                    yield replace(span, start=span.start - len(label), end=span.end - len(label))
