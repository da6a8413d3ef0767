"""Build: layers from any folder, without the user's AWS settings, with the SDK that is used."""

import ast
import gzip
import json
import shutil
from pathlib import Path

import pytest

from local.build import build_environment
from local.settings import ROOT
from local.trim_personal_data import trim
from local.trim_sdk import SERVICES
from local.trim_sdk import trim as trim_sdk
from tests.support.commands import run


@pytest.mark.parametrize("folder", ["plain", "with a space"])
def test_layers_are_built_from_the_files_of_their_checkout(tmp_path: Path, folder: str) -> None:
    requirements = tmp_path / folder / "requirements"
    requirements.mkdir(parents=True)
    makefile = shutil.copy(ROOT / "requirements" / "Makefile", requirements)

    layers = ("build-DependenciesLayer", "build-DocsLayer", "build-PersonalDataLayer")
    words = ("--dry-run", "--makefile", makefile, *layers, "ARTIFACTS_DIR=built")
    done = run("make", *words, cwd=tmp_path)

    for file in ("runtime.txt", "docs.txt", "redaction.txt"):
        assert f'-r "{requirements}/{file}"' in done.stdout
    assert f'cp -R "{requirements}/../shared" ' in done.stdout
    assert f'cp "{requirements}/../NOTICE" ' in done.stdout


def test_build_ignores_the_aws_profile_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:8080")

    environment = build_environment("arm64")

    assert "AWS_PROFILE" not in environment
    assert environment["HTTPS_PROXY"] == "http://proxy.example:8080"


def test_layer_has_the_sdk_models_of_exactly_the_services_in_use() -> None:
    used = {
        ast.literal_eval(node.args[0])
        for folder in ("functions", "shared")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "create_client"
    }
    assert used == set(SERVICES)


def test_trimmed_model_of_the_sdk_has_its_members_and_empty_texts(tmp_path: Path) -> None:
    # Given: a model with a text, and a member of the same name
    model = tmp_path / "s3" / "2006-03-01" / "service-2.json.gz"
    model.parent.mkdir(parents=True)
    shape = {"documentation": "<p>A key.</p>", "members": {"documentation": {"shape": "Text"}}}
    model.write_bytes(gzip.compress(json.dumps({"shapes": {"Key": shape}}).encode()))
    (tmp_path / "endpoints.json").write_text('{"partitions": []}')

    trim_sdk(tmp_path)

    trimmed = json.loads(model.with_suffix("").read_text())
    members = {"documentation": {"shape": "Text"}}
    assert trimmed == {"shapes": {"Key": {"documentation": "", "members": members}}}
    assert not model.exists()


def test_part_to_trim_that_moved_fails_the_build(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match=r"not in .*; update local/trim_personal_data.py"):
        trim(tmp_path)
