"""Checks of every handled event: permissions and variables that the template gives its function.

The emulator checks no permissions, so a missing one would first fail in a user's account. From
:func:`begin` on, each request to AWS and each setting read while a handler of ``functions/``
runs is compared with template.yaml; a handler without the permission or the variable fails the
test that called it. :func:`unused_grants` reports what is granted and never used.
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
from fnmatch import fnmatchcase
from types import ModuleType
from typing import Any

import botocore.handlers

from shared.core.settings import Settings
from tests.support.policies import (
    Need,
    delivery_needs,
    grants,
    handlers,
    needs,
    role_grants,
    role_of,
    roles,
    variables,
)


class NotGiven(AssertionError):
    """A function lacks a permission or a variable in the template."""


@dataclass
class Invocation:
    """One event being handled by a function, and what it lacks."""

    function: str
    missing: set[str] = field(default_factory=set)


_running: ContextVar[Invocation | None] = ContextVar("running", default=None)
#: Needs of each function that ran in this process.
asked: defaultdict[str, set[Need]] = defaultdict(set)


@contextmanager
def running(function: str) -> Iterator[None]:
    """Attribute everything inside to a function; fail if the template does not allow it."""
    invocation = Invocation(function)
    asked[function]  # it ran
    token = _running.set(invocation)
    try:
        yield
    finally:
        _running.reset(token)
        if invocation.missing:
            raise NotGiven("; ".join(sorted(invocation.missing)))


@contextmanager
def outside() -> Iterator[None]:
    """Attribute nothing inside to a function: it is AWS's own part of an invocation."""
    token = _running.set(None)
    try:
        yield
    finally:
        _running.reset(token)


def begin() -> None:
    """Check every handler, every AWS client and the settings of this process from now on."""
    botocore.handlers.BUILTIN_HANDLERS.append(("provide-client-params", _note_request))
    for one in fields(Settings):
        setattr(Settings, one.name, _WatchedSetting(one.name, getattr(Settings, one.name)))
    threading.Thread.start = _start_in_context(threading.Thread.start)  # type: ignore[method-assign]  # see there
    sys.meta_path.insert(0, _HandlerFinder())


def unused_grants(asked_for: Mapping[str, Iterable[Need]]) -> list[str]:
    """Return a sentence for each grant that a function never used.

    A shared role must be used whole by each of its functions; only a kind of key that its writes
    are limited to is enough for one of them.
    """
    used = {
        function: {*asked_for.get(function, ()), *delivery_needs(function)}
        for function in sorted(handlers().values())
    }
    return [
        f"{function} may {grant}, and never does"
        for function, needed in used.items()
        for grant in sorted(grants(function))
        if not any(grant.covers(need) for need in needed)
    ] + [
        f"{role} may write {key}, and none of its functions does"
        for role in sorted(roles())
        for key in sorted({key for grant in role_grants(role) for key in grant.keys})
        if not any(
            fnmatchcase(need.key, key)
            for function, needed in used.items()
            if role_of(function) == role
            for need in needed
        )
    ]


def _note_request(params: dict[str, Any], model: Any, **_: Any) -> None:
    """Check a request before it is sent (an event of botocore)."""
    invocation = _running.get()
    if invocation is None:
        return
    for need in needs(model.service_model.service_name, model.name, params):
        asked[invocation.function].add(need)
        if not any(grant.covers(need) for grant in grants(invocation.function)):
            needed = f"{invocation.function} needs {need}"
            role = role_of(invocation.function)
            invocation.missing.add(f"{needed}, which {role} in template.yaml does not allow")


class _WatchedSetting:
    """Descriptor in front of a field of the settings; checks that its reader has the variable."""

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
    """Start threads in the context of their starter, as Python 3.14 can by itself."""

    def started(self: threading.Thread) -> None:
        context, run = copy_context(), self.run
        self.run = lambda: context.run(run)  # type: ignore[method-assign]  # of this one thread
        start(self)

    return started


class _HandlerFinder(importlib.abc.MetaPathFinder):
    """Wraps each handler when its module is imported."""

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
