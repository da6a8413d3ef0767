"""Patches of the emulator fit the pinned version."""

from local.environments import interpreter
from local.settings import ROOT
from tests.support.commands import run


def test_all_patches_fit_the_pinned_emulator() -> None:
    """Run in the emulator's environment.

    If this fails after an upgrade, review each patch: the gap may be closed there now.
    """
    done = run(interpreter("emulator"), "-m", "local.emulator", "--check", check=False)

    assert done.returncode == 0, done.stderr


def test_pin_and_patches_name_the_same_version() -> None:
    source = (ROOT / "local/emulator/__main__.py").read_text()
    written_for = source.split('WRITTEN_FOR = "')[1].split('"')[0]

    assert f"\nministack=={written_for} " in (ROOT / "requirements/emulator.txt").read_text()


def test_transaction_is_limited_by_the_bytes_of_its_items() -> None:
    """Not by those of the request, where each ``é`` is six."""
    done = run(interpreter("emulator"), "-c", _TRANSACTIONS, check=False, cwd=ROOT)

    assert done.stdout.splitlines() == ["ResourceNotFoundException", "ValidationException"], (
        done.stderr
    )


_TRANSACTIONS = """
import json
from ministack.services import dynamodb
from local.emulator.__main__ import apply_all

apply_all("home")
for letters in (150_000, 210_000):
    item = {"pk": {"S": "a"}, "body": {"S": "é" * letters}}
    puts = [{"Put": {"TableName": "missing", "Item": item}}] * 10
    status, _, body = dynamodb._transact_write_items({"TransactItems": puts})
    print(json.loads(body)["__type"].rpartition("#")[2])
"""
