"""Patches of the emulator fit the pinned version."""

import subprocess

from local.environments import interpreter
from local.settings import ROOT


def test_all_patches_fit_the_pinned_emulator() -> None:
    """Run in the emulator's environment.

    If this fails after an upgrade, review each patch: the gap may be closed there now.
    """
    done = subprocess.run(
        [interpreter("emulator"), "-m", "local.emulator", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_pin_and_patches_name_the_same_version() -> None:
    written_for = (
        (ROOT / "local/emulator/__main__.py").read_text().split('WRITTEN_FOR = "')[1].split('"')[0]
    )

    assert f"\nministack=={written_for} " in (ROOT / "requirements/emulator.txt").read_text()
