"""Reasons of failures of npm, as its versions 10 and 11 print them."""

import pytest

from local.npm_output import failure_reason, is_unreachable


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (
            (
                "npm error code ENOTFOUND\nnpm error errno ENOTFOUND\n"
                "npm error network request to https://registry.example/react failed"
            ),
            (
                "npm's registry cannot be reached (ENOTFOUND); check the network and npm's "
                "configuration"
            ),
        ),
        (
            "npm error code EUSAGE\nnpm error\nnpm error `npm ci` can only install packages when",
            "package-lock.json does not fit package.json: run `npm install` in console/",
        ),
        (
            "npm error code EINTEGRITY\nnpm error sha512-A integrity checksum failed",
            "a package has another hash than the lock file: npm's registry serves another file",
        ),
        ("npm error code ENOSPC", "the disk is full: free some space"),
        (
            (
                "npm error code E404\nnpm error 404 Not Found - GET https://registry.example/react\n"
                "npm error 404  'react@99' is not in this registry."
            ),
            "npm's registry has no react@99",
        ),
        (
            (
                "vite v8.3.8 building client environment for production...\n"
                "\x1b[31m✗\x1b[39m Build failed in 60ms\n\x1b[31merror during build:\n"
                "Build failed with 1 error:\n\n\x1b[31m[vite] \x1b[0mUnexpected token\n"
                "   \x1b[38;5;246m╭─[\x1b[0m src/main.tsx:1:26 \x1b[38;5;246m]\x1b[0m\n"
            ),
            "[vite] Unexpected token (src/main.tsx:1:26)",
        ),
        (
            "src/main.tsx(3,7): error TS2322: Type 'string' is not assignable to type 'number'.\n",
            "src/main.tsx(3,7): error TS2322: Type 'string' is not assignable to type 'number'.",
        ),
        ("", "no output"),
    ],
)
def test_reason_is_one_line(output: str, reason: str) -> None:
    assert failure_reason(output) == reason
    assert is_unreachable(output) == ("cannot be reached" in reason)
