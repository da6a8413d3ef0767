"""Installation of environments by the real pip, from a folder instead of a package index."""

import hashlib
import re
import socket
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import environments
from local.console import Failure
from local.environments import ensure
from tests.support.commands import run


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with the lock files of two environments, whose packages are in a folder."""
    for name in ("requirements", "wheels"):
        (tmp_path / name).mkdir()
    for name, packages in (("one", ("first", "second")), ("two", ("first",))):
        lines = [
            f"{p}==1.0 \\\n    --hash=sha256:{_wheel(tmp_path / 'wheels', p)}" for p in packages
        ]
        lines.append('never==1.0 ; sys_platform == "win32" \\\n    --hash=sha256:' + "0" * 64)
        (tmp_path / "requirements" / f"{name}.txt").write_text("\n".join(lines) + "\n")
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    monkeypatch.setattr(environments, "ENVIRONMENTS", tmp_path / ".venv")
    # The pip of the base interpreter: an environment's own takes seconds to install.
    fast = ("-m", "venv", "--without-pip", "--system-site-packages")
    monkeypatch.setattr(environments, "_VENV", fast)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    return tmp_path


def _wheel(folder: Path, name: str) -> str:
    """Create a package; return its hash."""
    info = f"{name}-1.0.dist-info"
    file = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as wheel:
        wheel.writestr(f"{name}.py", "")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _imports(root: Path, environment: str, module: str) -> bool:
    python = root / ".venv" / environment / "bin" / "python"
    return run(python, "-c", f"import {module}", check=False).returncode == 0


def _programs_with(word: str) -> list[str]:
    done = run("ps", "-eww", "-o", "args")
    return [line for line in done.stdout.splitlines() if word in line]


def test_each_environment_is_installed_once_with_a_line_each(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ensure(["one", "two"])
    lines = re.sub(r"[\d.]+ s", "N s", capsys.readouterr().out).splitlines()
    ensure(["one", "two"])

    assert lines[:2] == ["Installing one ...", "Installing two ..."]
    assert set(lines[2:]) == {"Installing one: 2 packages, N s", "Installing two: 1 packages, N s"}
    assert capsys.readouterr().out == ""
    assert _imports(root, "one", "second")
    assert not _imports(root, "two", "second")


def test_missing_package_and_other_hash_leave_no_environment(root: Path) -> None:
    lock = root / "requirements" / "one.txt"
    good = lock.read_text()
    lock.write_text(good.replace("first==1.0", "first==2.0"))
    with pytest.raises(Failure, match=r"requirements/one\.txt: the package index has no first==2"):
        ensure(["one"])
    lock.write_text(good.replace("sha256:", f"sha256:{'0' * 64} #", 1))
    with pytest.raises(Failure, match=r"requirements/one\.txt: first==1\.0 has another hash"):
        ensure(["one"])

    assert not (root / ".venv" / "one").exists()


@pytest.fixture
def silent_index(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package index that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.delenv("PIP_NO_INDEX")
        monkeypatch.delenv("PIP_FIND_LINKS")
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.getsockname()[1]}/simple")
        yield


def test_silent_index_is_reported_before_pip_gives_up(
    root: Path, silent_index: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environments, "_PIP_SECONDS", 1)
    monkeypatch.setattr(environments, "_UNREACHABLE_SECONDS", 1)
    started = time.monotonic()

    with pytest.raises(Failure) as failed:
        ensure(["one"])

    assert time.monotonic() - started < 15
    assert str(failed.value).startswith(
        "requirements/one.txt: the package index cannot be reached (pip asked for first: timed out)"
    )
    assert not (root / ".venv" / "one").exists()
    assert environments._UNREACHABLE_SECONDS < 20


def test_interrupted_installation_ends_its_programs_and_is_repeated(
    root: Path, silent_index: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    raise_first = environments._raise_first

    def interrupt(*_: object) -> None:
        if "pip install" in " ".join(_programs_with(str(root / ".venv" / "one"))):
            raise KeyboardInterrupt

    monkeypatch.setattr(environments, "_raise_first", interrupt)
    with pytest.raises(KeyboardInterrupt):
        ensure(["one"])

    assert not _programs_with(str(root / ".venv" / "one"))
    assert not (root / ".venv" / "one").exists()

    monkeypatch.setattr(environments, "_raise_first", raise_first)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(root / "wheels"))
    ensure(["one"])
    assert _imports(root, "one", "first")
