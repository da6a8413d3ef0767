"""Holds each handled event to what the template gives its function: permissions and variables.

The local AWS checks no permissions, so a missing one would first be met in a user's account.
From :func:`begin` on, each handler of ``functions/`` notes what it asks of AWS and what it reads
of its environment while it runs, and fails the test that called it when the template does not
give it that. What was granted and never asked for is told by :func:`unused_grants`.
"""

import importlib.abc
import importlib.machinery
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field, fields
from types import ModuleType
from typing import Any

import botocore.handlers

from shared.core.settings import Settings
from tests.support.policies import Need, grants, handlers, needs, variables


class NotGiven(AssertionError):
    """A function asked for what the template does not give it."""


@dataclass
class Invocation:
    """One event being handled by a function, and what it was not given."""

    function: str
    missing: set[str] = field(default_factory=set)


_running: ContextVar[Invocation | None] = ContextVar("running", default=None)
#: What each function asked for, of those that ran in this process.
asked: defaultdict[str, set[Need]] = defaultdict(set)


@contextmanager
def running(function: str) -> Iterator[None]:
    """Take what happens inside for what a function does; fails if it may not do all of it."""
    invocation = Invocation(function)
    asked[function]  # it ran
    token = _running.set(invocation)
    try:
        yield
    finally:
        _running.reset(token)
        if invocation.missing:
            raise NotGiven("; ".join(sorted(invocation.missing)))


def begin() -> None:
    """Watch every handler, every AWS client and the settings of this process from now on."""
    botocore.handlers.BUILTIN_HANDLERS.append(("provide-client-params", _note_request))
    for one in fields(Settings):
        setattr(Settings, one.name, _WatchedSetting(one.name, getattr(Settings, one.name)))
    threading.Thread.start = _start_in_context(threading.Thread.start)  # type: ignore[method-assign]  # see there
    sys.meta_path.insert(0, _HandlerFinder())


def unused_grants(asked_for: Mapping[str, Iterable[Need]]) -> list[str]:
    """Return what no event had need of, as sentences."""
    return [
        f"{function} may {grant.action} on {grant.resource}, and never does"
        for function in sorted(handlers().values())
        for grant in sorted(grants(function))
        if not any(grant.covers(need) for need in asked_for.get(function, ()))
    ]


def _note_request(params: dict[str, Any], model: Any, **_: Any) -> None:
    """Look at a request before it is sent (an event of botocore)."""
    invocation = _running.get()
    if invocation is None:
        return
    for need in needs(model.service_model.service_name, model.name, params):
        asked[invocation.function].add(need)
        if not any(grant.covers(need) for grant in grants(invocation.function)):
            invocation.missing.add(_not_allowed(invocation.function, need))


def _not_allowed(function: str, need: Need) -> str:
    return f"{function} asks for {need}, which its policy in template.yaml does not allow"


class _WatchedSetting:
    """Stands before a field of the settings and notes who reads it."""

    def __init__(self, name: str, slot: Any) -> None:
        self._name = name
        self._slot = slot

    def __get__(self, owner: Settings | None, kind: type[Settings]) -> Any:
        if owner is None:
            return self
        invocation = _running.get()
        variable = self._name.upper()
        if invocation is not None and variable not in variables(invocation.function):
            invocation.missing.add(
                f"{invocation.function} reads {variable}, which template.yaml does not set for it"
            )
        return self._slot.__get__(owner, kind)

    def __set__(self, owner: Settings, value: Any) -> None:
        self._slot.__set__(owner, value)


def _start_in_context(start: Callable[[threading.Thread], None]) -> Any:
    """Let threads know whose they are, as Python 3.14 can by itself."""

    def started(self: threading.Thread) -> None:
        context, run = copy_context(), self.run
        self.run = lambda: context.run(run)  # type: ignore[method-assign]  # of this one thread
        start(self)

    return started


class _HandlerFinder(importlib.abc.MetaPathFinder):
    """Puts the watch around each handler when its module is imported."""

    def find_spec(
        self, fullname: str, path: Any, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in handlers():
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        assert spec is not None
        assert spec.loader is not None
        execute = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            module.handler = _watched(handlers()[fullname], module.handler)  # type: ignore[attr-defined]  # named by the template

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]  # of this one loader
        return spec


def _watched(function: str, handler: Callable[..., Any]) -> Callable[..., Any]:
    def handled(event: Any, context: Any) -> Any:
        with running(function):
            return handler(event, context)

    return handled
