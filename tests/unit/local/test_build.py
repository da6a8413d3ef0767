"""Building, wherever the checkout lies and whatever the user's shell says of AWS."""

import shutil
import subprocess
from pathlib import Path

import pytest

from local.build import build_environment
from local.settings import ROOT


@pytest.mark.parametrize("folder", ["plain", "with a space"])
def test_layers_are_made_of_the_checkouts_own_lists(tmp_path: Path, folder: str) -> None:
    """Given a checkout in any folder, when SAM calls for the layers, then they find its files."""
    requirements = tmp_path / folder / "requirements"
    requirements.mkdir(parents=True)
    makefile = shutil.copy(ROOT / "requirements" / "Makefile", requirements)

    done = subprocess.run(
        [
            *("make", "--dry-run", "--makefile", makefile),
            *("build-DependenciesLayer", "build-DocsLayer", "ARTIFACTS_DIR=built"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    for file in ("runtime.txt", "docs.txt"):
        assert f'-r "{requirements}/{file}"' in done.stdout
    assert f'cp -R "{requirements}/../shared" ' in done.stdout


def test_profile_of_the_users_has_no_say_in_a_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a profile that is not there, when the stack is built, then SAM does not look for it."""
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:8080")

    environment = build_environment("arm64")

    assert "AWS_PROFILE" not in environment
    assert environment["HTTPS_PROXY"] == "http://proxy.example:8080"
