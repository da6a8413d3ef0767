"""Build of the web console: reused while it is up to date, and optional without a network."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from local import web_console
from local.console import Failure
from local.settings import ROOT
from local.web_console import RegistryUnreachable, build_console, is_built

OFFLINE = "console: npm's registry cannot be reached (ENOTFOUND); check the network"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A small console, in place of the real one."""
    console = tmp_path / "console"
    (console / "src" / "api").mkdir(parents=True)
    (console / "src" / "main.ts").write_text("1")
    (console / "package-lock.json").write_text("{}")
    generated = console / "src" / "api" / "schema.d.ts"
    for name, path in {
        "ROOT": tmp_path,
        "CONSOLE": console,
        "DIST": console / "dist",
        "_STAMP": tmp_path / ".aws-sam" / "console",
        "_MODULES": console / "node_modules",
        "_LOCK": console / "package-lock.json",
        "_SOURCES": (console / "src",),
        "_GENERATED": generated,
    }.items():
        monkeypatch.setattr(web_console, name, path)
    return console


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, folder: Path) -> list[str]:
    """Commands of npm, which writes what it would write."""
    commands: list[str] = []

    def npm(*arguments: str) -> None:
        commands.append(" ".join(arguments[:2]))
        if arguments[0] == "ci":
            (folder / "node_modules").mkdir(exist_ok=True)
        else:
            (folder / "src" / "api" / "schema.d.ts").write_text("generated")
            (folder / "dist").mkdir()
            (folder / "dist" / "index.html").write_text((folder / "src" / "main.ts").read_text())

    monkeypatch.setattr(web_console, "npm", npm)
    return commands


def _change_source(folder: Path) -> None:
    (folder / "src" / "main.ts").write_text("2")


def _change_lock(folder: Path) -> None:
    (folder / "package-lock.json").write_text('{"packages": {}}')


def _change_build(folder: Path) -> None:
    (folder / "dist" / "index.html").write_text("built by hand from other sources")


def _remove_build(folder: Path) -> None:
    (folder / "dist" / "index.html").unlink()


def test_up_to_date_build_is_reused(ran: list[str]) -> None:
    build_console()
    build_console()

    assert ran == ["ci --prefer-offline", "run build"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_change_source, ["run build"]),
        (_change_lock, ["ci --prefer-offline", "run build"]),
        (_change_build, ["run build"]),
        (_remove_build, ["run build"]),
    ],
)
def test_outdated_build_is_repeated(
    folder: Path, ran: list[str], change: Callable[[Path], None], expected: list[str]
) -> None:
    build_console()
    ran.clear()
    change(folder)

    build_console()

    assert ran == expected
    assert is_built()


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """A registry that cannot be reached, and a build of other sources."""

    def npm(*_: str) -> None:
        raise RegistryUnreachable(OFFLINE)

    (folder / "dist").mkdir()
    (folder / "dist" / "index.html").write_text("older")
    monkeypatch.setattr(web_console, "npm", npm)


def test_stack_starts_without_a_console_that_cannot_be_built(
    offline: None, capsys: pytest.CaptureFixture[str]
) -> None:
    build_console(is_optional=True)

    *_, last = capsys.readouterr().out.splitlines()
    assert last == f"The stack comes without its web console: {OFFLINE}."
    assert not is_built()


def test_build_fails_without_the_packages(offline: None) -> None:
    with pytest.raises(Failure, match="registry cannot be reached"):
        build_console()


def test_binary_file_fails_the_build(folder: Path, ran: list[str]) -> None:
    (folder / "public").mkdir()
    build_console()
    (folder / "dist" / "picture.png").write_bytes(b"\x89PNG")

    with pytest.raises(Failure, match=r"picture\.png: the console can only have files in \.css"):
        web_console._refuse_binary_files()


@pytest.mark.parametrize("lock", ["console", "tests/contract/redocly"])
def test_lock_has_hashes_and_no_address(lock: str) -> None:
    packages = json.loads((ROOT / lock / "package-lock.json").read_text())["packages"]

    installed = {name: one for name, one in packages.items() if name}
    assert not [name for name, one in installed.items() if "resolved" in one]
    assert not [name for name, one in installed.items() if "integrity" not in one]


def test_locks_of_python_packages_have_no_address() -> None:
    assert not [file for file in ROOT.glob("requirements/*.txt") if "://" in file.read_text()]
