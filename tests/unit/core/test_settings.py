"""Settings of a function, read from its environment."""

import pytest

from shared.core.settings import Settings


@pytest.mark.parametrize(
    ("environment", "settings"),
    [
        ({}, {"list_shards": 2, "key_cache_seconds": 60, "event_bus_name": ""}),
        (
            {"LIST_SHARDS": "8", "KEY_CACHE_SECONDS": "5", "EVENT_BUS_NAME": "bus"},
            {"list_shards": 8, "key_cache_seconds": 5, "event_bus_name": "bus"},
        ),
    ],
)
def test_settings_are_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], settings: dict[str, str | int]
) -> None:
    for name, value in {"TABLE_NAME": "t", **environment}.items():
        monkeypatch.setenv(name, value)
    assert Settings.from_environment() == Settings(table_name="t", **settings)  # type: ignore[arg-type]
