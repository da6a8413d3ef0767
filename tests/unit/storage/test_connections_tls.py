"""Connection pool over TLS: certificate and host name are verified."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from shared.core.errors import Unavailable
from shared.storage.table import Table
from tests.support.tls import server_context
from tests.unit.storage.byte_server import KEY, Server


def test_trusted_certificate_is_accepted(
    connect: Callable[[str], Table], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Server(server_context(tmp_path, "127.0.0.1"))) as server:
        monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "certificate.pem"))
        table = connect(f"https://127.0.0.1:{server.port}")
        assert table.get(KEY)
        assert table.get(KEY)
        assert len(server.requests) == 2


@pytest.mark.parametrize(("name", "trusted"), [("127.0.0.1", False), ("127.0.0.2", True)])
def test_untrusted_certificate_or_name_gets_no_request(
    connect: Callable[[str], Table],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    *,
    trusted: bool,
) -> None:
    with closing(Server(server_context(tmp_path, name))) as server:
        if trusted:
            monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "certificate.pem"))
        with pytest.raises(Unavailable):
            connect(f"https://127.0.0.1:{server.port}").get(KEY)
        assert server.requests == []
