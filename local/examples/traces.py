"""Example of functions/traces/."""

from typing import Any

from local.examples.example import Example


def _attributes(**values: str) -> list[dict[str, Any]]:
    return [
        {"key": key.replace("__", "."), "value": {"stringValue": value}}
        for key, value in values.items()
    ]


SPAN: dict[str, Any] = {
    "traceId": "5b8efff798038103d269b633813fc60c",
    "spanId": "eee19b7ec3c1b174",
    "name": "chat gpt-5-mini",
    "kind": 3,
    "startTimeUnixNano": "1772355600000000000",
    "endTimeUnixNano": "1772355601500000000",
    "attributes": _attributes(
        gen_ai__operation__name="chat",
        gen_ai__conversation__id="order-4711",
        gen_ai__agent__name="Order desk",
        gen_ai__request__model="gpt-5-mini",
        gen_ai__input__messages=(
            '[{"role":"user","parts":[{"type":"text","content":"Where is order 4711?"}]}]'
        ),
        gen_ai__output__messages=(
            '[{"role":"assistant","parts":[{"type":"text","content":"It arrives on Tuesday."}]}]'
        ),
    ),
}

EXAMPLES = {
    "traces.export_traces": Example(
        body={
            "resourceSpans": [
                {
                    "resource": {"attributes": _attributes(service__name="shop")},
                    "scopeSpans": [{"spans": [SPAN]}],
                }
            ]
        }
    )
}
