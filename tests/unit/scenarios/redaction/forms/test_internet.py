"""E-mail, IP and MAC addresses; versions and packages stay."""

import pytest

from tests.unit.scenarios.redaction.forms.forms import redact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mail o'brien+shop@sub.mail.test now", "mail <EMAIL> now"),
        ('write to "john doe"@mail.test', "write to <EMAIL>"),
        ("Пишите на иван@почта.рф", "Пишите на <EMAIL>"),
        ("mia (at) mail (dot) com", "<EMAIL>"),
        ("mia.li at mail dot com", "<EMAIL>"),
        ("メールはrika68@mail.testです", "メールは<EMAIL>です"),
        ("login from 84.17.32.9 yesterday", "login from <NETWORK_ADDRESS> yesterday"),
        ("IP 2a02:810d:8a40::1f:3", "IP <NETWORK_ADDRESS>"),
        ("mac 3c:22:fb:aa:bb:1c", "mac <NETWORK_ADDRESS>"),
    ],
)
def test_mail_or_network_address_is_found(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "version 1.2.3.4 of the app",
        "Chrome/120.0.0.0 Safari/537.36",
        "127.0.0.1 is localhost",
        "react@18.2.0",
        "git@github.com:org/repo.git",
        "@mia thanks",
        "at 3 dot com",
        "ratio 16:9:4",
        "aspect::ratio",
        "Chapter 1.2.3.4",
        "Version: 2.0.1.7",
        "build 10.0.19045.3803",
        "via email 12",
    ],
)
def test_version_or_package_stays(text: str) -> None:
    assert redact(text) == text
