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
