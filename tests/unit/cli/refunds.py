"""Scenarios for the sample agent, which refunds orders."""

from tests.support.fake_runs import FakeScenario

ORDER = {"order_id": "HP-48213", "total": 59.0, "days_since_delivery": 4}
BROKEN = FakeScenario(
    "Broken lamp", ("My lamp of order HP-48213 is broken.",),
    {"get_order": ORDER, "refund_order": {"refunded": 59.0}},
)  # fmt: skip
LATE = FakeScenario(
    "Late parcel", ("I want a refund.", "The order is HP-51177."),
    {"get_order": ORDER | {"order_id": "HP-51177"}, "refund_order": "done"},
)  # fmt: skip
OLD = FakeScenario(
    "Too late", ("Refund HP-30095.",), {"get_order": ORDER | {"days_since_delivery": 64}}
)
