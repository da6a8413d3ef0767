"""The settings of a function come from its environment."""

import pytest

from shared.core.settings import Settings


def test_given_only_a_table_then_everything_else_has_its_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LIST_SHARDS", "KEY_CACHE_SECONDS", "EVENT_BUS_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TABLE_NAME", "t")
    assert Settings.from_environment() == Settings(
        table_name="t", list_shards=2, key_cache_seconds=60, event_bus_name=""
    )


def test_given_all_of_them_then_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE_NAME", "t")
    monkeypatch.setenv("LIST_SHARDS", "8")
    monkeypatch.setenv("KEY_CACHE_SECONDS", "5")
    monkeypatch.setenv("EVENT_BUS_NAME", "bus")
    assert Settings.from_environment() == Settings(
        table_name="t", list_shards=8, key_cache_seconds=5, event_bus_name="bus"
    )
