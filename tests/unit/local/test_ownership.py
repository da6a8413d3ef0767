"""A port belongs to one stack; a stack's folder is in use on one port."""

import argparse
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from local import processes
from local.console import Failure
from local.ownership import find, is_running, lock_start, refuse_conflicts, running_stack
from local.ports import is_in_use
from local.rie import free_port
from local.run import bring_up
from local.settings import LocalStack
from tests.support.fake_emulator import fake_emulator


@pytest.fixture
def mine(tmp_path: Path) -> LocalStack:
    home = tmp_path / "mine ä"
    home.mkdir()
    return LocalStack(port=free_port(), home=home)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[LocalStack]:
    """A running stack of another folder."""
    home = tmp_path / "other ö"
    with fake_emulator(home) as (port, _):
        yield LocalStack(port=port, home=home)


def test_port_of_another_stack_is_refused_before_the_build(
    mine: LocalStack, other: LocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.run.build", lambda _: pytest.fail("it has built"))
    stack = LocalStack(port=other.port, home=mine.home)
    started = time.monotonic()

    with pytest.raises(Failure) as refused:
        bring_up(stack)

    assert time.monotonic() - started < 1
    assert str(refused.value) == (
        f"port {other.port}: belongs to the stack in {other.home}; choose another with PORT="
    )
    assert list(mine.home.iterdir()) == []


@pytest.mark.parametrize("answers", [b"", b"HTTP/1.0 200 OK\r\n\r\n{}", b"220 mail\r\n"])
def test_port_of_another_program_is_refused_within_a_second(
    mine: LocalStack, answers: bytes
) -> None:
    connections = []

    def answer(server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connections.append(server.accept()[0])
                connections[-1].sendall(answers)

    with socket.create_server(("127.0.0.1", mine.port)) as server:
        threading.Thread(target=answer, args=(server,), daemon=True).start()
        started = time.monotonic()
        with pytest.raises(Failure, match=f"port {mine.port}: is in use by another program"):
            refuse_conflicts(mine)
        seconds = time.monotonic() - started
        server.shutdown(socket.SHUT_RDWR)

    assert seconds < 1.5
    for connection in connections:
        connection.close()


def test_folder_in_use_on_another_port_is_refused(mine: LocalStack) -> None:
    with fake_emulator(mine.home) as (port, pid):
        processes.save(LocalStack(port=port, home=mine.home), pid)

        with pytest.raises(Failure, match=f"runs on {port}; stop it first .* or use PORT={port}"):
            refuse_conflicts(mine)
        refuse_conflicts(LocalStack(port=port, home=mine.home))


def test_commands_on_another_port_are_refused(mine: LocalStack, other: LocalStack) -> None:
    with fake_emulator(mine.home) as (port, pid):
        processes.save(LocalStack(port=port, home=mine.home), pid)

        with pytest.raises(Failure) as nothing:
            is_running(mine)
        with pytest.raises(Failure) as others:
            is_running(LocalStack(port=other.port, home=mine.home))
        found = running_stack(argparse.Namespace(port=None, home=mine.home))

    expected = f"the stack in {mine.home} runs on {port}"
    assert str(nothing.value) == f"nothing runs on {mine.port}; {expected}"
    assert f"port {other.port}: belongs to the stack in {other.home}; {expected}" == str(
        others.value
    )
    assert found.port == port


def test_emulator_is_found_without_its_process_id(mine: LocalStack) -> None:
    with fake_emulator(mine.home) as (port, pid):
        stack = LocalStack(port=port, home=mine.home)

        assert find(stack) == pid
        assert stack.saved_process() == (pid, port)


@pytest.mark.parametrize("content", ["", "x", "999999999 4674\n", "{pid} 4674\n"])
def test_stale_process_id_is_ignored(mine: LocalStack, content: str) -> None:
    mine.pid_file.write_text(content.format(pid=os.getpid()))

    refuse_conflicts(mine)

    assert find(mine) is None
    assert not is_running(mine)
    with pytest.raises(Failure, match=f"nothing runs on {mine.port}; start the stack"):
        running_stack(argparse.Namespace(port=mine.port, home=mine.home))


def test_second_start_in_one_folder_is_told(mine: LocalStack) -> None:
    lock = lock_start(mine)
    with pytest.raises(Failure, match="another make run is starting the stack in"):
        bring_up(mine)
    with pytest.raises(Failure, match="a make run is starting the stack in"):
        is_running(mine)
    os.close(lock)

    os.close(lock_start(mine))
    assert not is_running(mine)


def test_bound_port_is_in_use_without_a_listener() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert is_in_use(taken.getsockname()[1])
    assert not is_in_use(free_port())


def test_emulator_that_ended_by_itself_was_not_stopped(mine: LocalStack) -> None:
    mine.pid_file.write_text("999999999 4674\n")
    assert not processes.was_stopped(mine)

    mine.pid_file.unlink()
    assert processes.was_stopped(mine)
