"""The emulator's replaced parts are still where they were."""

import subprocess

from local.environments import interpreter
from local.settings import ROOT


def test_all_replacements_fit_the_pinned_emulator() -> None:
    """Given the pinned emulator, when the gaps are closed, then nothing has moved.

    It runs in the emulator's environment. When this fails after an upgrade, look at each gap
    again: it may be closed there now.
    """
    done = subprocess.run(
        [interpreter("emulator"), "-m", "local.emulator", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_pin_and_replacements_name_the_same_version() -> None:
    """Given the lock, then it holds the version that the replacements were written for."""
    written_for = (
        (ROOT / "local/emulator/__main__.py").read_text().split('WRITTEN_FOR = "')[1].split('"')[0]
    )

    assert f"\nministack=={written_for} " in (ROOT / "requirements/emulator.txt").read_text()
