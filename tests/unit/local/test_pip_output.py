"""Reasons of failed installations, by the output of pip."""

import pytest

from local.pip_output import Progress, failure_reason

_RETRY = (
    "WARNING: Retrying (Retry(total={left}, connect=None, read=None, redirect=None, status=None)) "
    "after connection broken by '{error}': /simple/idna/\n"
)
_REFUSED = (
    "NewConnectionError('<pip._vendor.urllib3.connection.HTTPConnection object at 0x7f63>: "
    "Failed to establish a new connection: [Errno 111] Connection refused')"
)
_NO_NAME = (
    'NameResolutionError("<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f63>: '
    "Failed to resolve 'index.example' ([Errno -2] Name or service not known)\")"
)
_SILENT = (
    "ReadTimeoutError(\"HTTPConnectionPool(host='index.example', port=80): Read timed out. "
    '(read timeout=10.0)")'
)
_NOT_FOUND = (
    "ERROR: Could not find a version that satisfies the requirement idna==3.10 (from versions: "
    "none)\nERROR: No matching distribution found for idna==3.10\n"
)
_UNTRUSTED = (
    "Could not fetch URL https://index.example/simple/idna/: There was a problem confirming the "
    "ssl certificate: HTTPSConnectionPool(host='index.example', port=443): Max retries exceeded "
    "with url: /simple/idna/ (Caused by SSLError(SSLCertVerificationError(1, '[SSL: "
    "CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer "
    "certificate (_ssl.c:1000)'))) - skipping\n"
)
_HASH = (
    "Collecting idna==3.10 (from -r x.txt (line 1))\nERROR: THESE PACKAGES DO NOT MATCH THE HASHES "
    "FROM THE REQUIREMENTS FILE. If you have updated the package versions, please update the "
    "hashes.\n    idna==3.10 from https://index.example/idna-3.10-py3-none-any.whl:\n"
    "        Expected sha256 00\n             Got        94\n"
)
_FULL = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n"
_UNREACHABLE = "the package index cannot be reached (pip asked for idna: {}); check the network"


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (_RETRY.format(left=4, error=_REFUSED), _UNREACHABLE.format("Connection refused")),
        (
            _RETRY.format(left=0, error=_REFUSED) + _NOT_FOUND,
            _UNREACHABLE.format("Connection refused"),
        ),
        (_RETRY.format(left=4, error=_NO_NAME), _UNREACHABLE.format("Name or service not known")),
        (_RETRY.format(left=4, error=_SILENT), _UNREACHABLE.format("timed out")),
        (_UNTRUSTED + _NOT_FOUND, _UNREACHABLE.format("certificate verify failed")),
        (
            f"Error: Make Failed: {_RETRY.format(left=0, error=_REFUSED)}{_NOT_FOUND}",
            _UNREACHABLE.format("Connection refused"),
        ),
        (_NOT_FOUND, "the package index has no idna==3.10 for this Python and machine"),
        (_HASH, "idna==3.10 has another hash than the lock file: the package index serves another"),
        (_FULL, "the disk is full: free some space"),
        ("error: something else\n", "error: something else"),
        ("", "no output"),
    ],
)
def test_reason_of_a_failed_installation(output: str, reason: str) -> None:
    assert failure_reason(output).startswith(reason)
    assert "\n" not in failure_reason(output)


def test_network_is_missing_until_a_package_is_fetched() -> None:
    collecting = "Collecting idna==3.10 (from -r x.txt (line 1))\n"
    broken = _RETRY.format(left=4, error=_SILENT)

    assert [_is_without_network(*lines) for lines in [(), (broken,), (broken, collecting)]] == [
        False,
        True,
        False,
    ]


def _is_without_network(*lines: str) -> bool:
    progress = Progress()
    for line in lines:
        progress.read(line)
    return progress.is_without_network
