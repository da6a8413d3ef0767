"""LangSmith runs: a tree of model, tool and other runs of one or several traces."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from shared.core.clock import timestamp
from shared.core.json import as_text, dumps
from shared.sessions.conversation_payloads import parse_json
from shared.sessions.forms import langchain
from shared.sessions.forms.fields import answered
from shared.sessions.forms.histories import Histories, Uncovered
from shared.sessions.forms.messages import read_message, read_messages
from shared.sessions.forms.steps import Answered, Called, Step, Steps, refuse
from shared.sessions.forms.times import parse_time
from shared.sessions.forms.unmatched import Unmatched

_MODELS = frozenset({"llm", "chat_model"})
_TOOLS = frozenset({"tool", "retriever"})


def matches(value: dict[str, Any]) -> bool:
    """Return whether a value is a run."""
    return "run_type" in value


def read(steps: Steps, path: str, runs: list[Any]) -> None:
    """Add the conversation in runs, in the order of their start.

    The runs of models have it as their histories. Those of tools, and the inputs and outputs
    of whole traces, add what these lack.
    """
    flat = sorted(_flat(path, runs), key=lambda one: one.order)
    read_of = [(run, _read_model(run)) for run in flat if run.kind in _MODELS]
    histories = {run.path: history for run, history in read_of}
    merged, lacking = Histories(steps), Uncovered(list(histories.values()))
    pending = _Pending(steps)
    ends: deque[_Run] = deque()
    errors: set[str] = set()
    for run in flat:
        while ends and ends[0].ended and run.started and ends[0].ended <= run.started:
            _read_end(steps, ends.popleft(), lacking, errors)
        if run.path in histories:
            merged.add(histories[run.path])
            _read_error(steps, run, lacking, errors)
        elif run.kind in _TOOLS:
            _read_tool(steps, run, lacking, pending)
        elif run.is_root:
            _add_lacking(steps, run, "inputs", lacking)
            ends.append(run)
    for run in ends:
        _read_end(steps, run, lacking, errors)


class _Run:
    """A run, with its times."""

    def __init__(self, path: str, fields: dict[str, Any], *, is_root: bool, number: int) -> None:
        self.path, self.fields, self.is_root = path, fields, is_root
        self.kind = str(fields.get("run_type"))
        self.name = str(fields.get("name") or self.kind)
        self.started, self.ended = (_time(path, fields, key) for key in ("start_time", "end_time"))
        self.order = (timestamp(self.started) if self.started else "", number)


def _time(path: str, fields: dict[str, Any], key: str) -> datetime | None:
    return parse_time(f"{path}.{key}", fields[key]) if fields.get(key) else None


def _flat(path: str, runs: list[Any]) -> Iterator[_Run]:
    """Yield runs and those within them; a run is a root unless its parent is among them."""
    found = list(_within(path, runs))
    ids = {str(fields.get("id")) for _, fields, _ in found}
    for number, (own, fields, nested) in enumerate(found):
        parent = fields.get("parent_run_id")
        is_root = not nested and (parent is None or str(parent) not in ids)
        yield _Run(own, fields, is_root=is_root, number=number)


def _within(
    path: str, runs: list[Any], *, nested: bool = False
) -> Iterator[tuple[str, dict[str, Any], bool]]:
    for number, run in enumerate(runs):
        own = f"{path}.{number}" if path else "run"
        if not isinstance(run, dict) or not matches(run):
            refuse(own, "must be a run with a run_type")
        yield own, run, nested
        children = run.get("child_runs")
        if not isinstance(children, list | None):
            refuse(f"{own}.child_runs", "must be a list")
        yield from _within(f"{own}.child_runs", children or [], nested=True)


def _read_model(run: _Run) -> Steps:
    """Return a model's history and answer."""
    history = Steps()
    _read_side(history, run, "inputs")
    times = [run.started] * len(history.steps)
    _read_side(history, run, "outputs")
    times += [run.ended] * (len(history.steps) - len(times))
    history.times = [own or of_run for own, of_run in zip(history.times, times, strict=True)]
    return history


def _read_side(steps: Steps, run: _Run, side: str) -> None:
    """Add the messages of a run's inputs or outputs; what is none is kept as text."""
    value = parse_json(run.fields.get(side))
    path = f"{run.path}.{side}"
    messages = _messages(value)
    if messages is not None:
        for number, message in enumerate(messages):
            if isinstance(message, str):
                steps.say(message, by_user=side == "inputs")
            else:
                read_message(steps, f"{path}.messages.{number}", message)
        return
    steps.at = None
    texts = list(value.values()) if isinstance(value, dict) and len(value) == 1 else [value]
    if texts not in ([None], [{}]):
        steps.say(as_text(texts[0]), by_user=side == "inputs")


def _messages(value: Any) -> list[Any] | None:
    """Return the messages in inputs or outputs; None if there are none."""
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("generations"), list):
        return [_generated(one) for one in _unnested(value["generations"])]
    if isinstance(value.get("choices"), list):
        choices = [one for one in value["choices"] if isinstance(one, dict)]
        return [one.get("message") for one in choices]
    for key in ("messages", "message", "output", "input", "prompts", "content"):
        found = value.get(key)
        if found is None:
            continue
        items = _unnested(found if isinstance(found, list) else [found])
        if items and all(_is_message(one) for one in items):
            return items
        if key == "prompts" and all(isinstance(one, str) for one in items):
            return items
    return [value] if _is_message(value) else None


def _generated(generation: Any) -> Any:
    if not isinstance(generation, dict):
        return as_text(generation)
    return generation.get("message") or str(generation.get("text") or "")


def _unnested(items: list[Any]) -> list[Any]:
    """Return the items of a list of lists: tracers record a batch of one."""
    return [inner for one in items for inner in (one if isinstance(one, list) else [one])]


def _is_message(value: Any) -> bool:
    return isinstance(value, dict) and ("role" in value or langchain.matches(value))


class _Pending:
    """Calls that no answer has followed so far."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._read = 0
        self._calls = Unmatched()

    def has(self, call: Called) -> bool:
        """Return whether a call is among them; one without an identifier by its tool."""
        for position in range(self._read, len(self._steps.steps)):
            self._add(position, self._steps.steps[position])
        self._read = len(self._steps.steps)
        return self._calls.first((call.tool, call.identifier)) is not None

    def _add(self, position: int, step: Step) -> None:
        if isinstance(step, Called):
            keys = dict.fromkeys(
                (tool, one) for tool in ("", step.tool) for one in ("", step.identifier)
            )
            self._calls.add(position, *keys)
            if not step.identifier:
                self._calls.add(position, (step.tool, None), ("", None))
        elif isinstance(step, Answered) and step.identifier:
            if self._calls.match(("", step.identifier)) is None:
                self._calls.match((step.tool, None))
        elif isinstance(step, Answered):
            self._calls.match((step.tool, ""))


def _read_tool(steps: Steps, run: _Run, lacking: Uncovered, pending: _Pending) -> None:
    """Add a tool's run that no model has in its history."""
    outputs = run.fields.get("outputs")
    output = (
        outputs["output"] if isinstance(outputs, dict) and list(outputs) == ["output"] else outputs
    )
    inner = Steps()
    if _is_message(output):
        read_messages(inner, f"{run.path}.outputs", [output])
    found = next((step for step in inner.steps if isinstance(step, Answered)), None)
    answer = found or answered("", run.name, output, error=run.fields.get("error"))
    if not lacking.lacks_answer(answer):
        return
    inputs = run.fields.get("inputs")
    arguments = (
        inputs["input"] if isinstance(inputs, dict) and list(inputs) == ["input"] else inputs
    )
    call = Called(answer.identifier, run.name, parse_json(arguments) or {})
    if not pending.has(call):
        steps.add(call, run.started)
    steps.add(answer, run.ended)


def _add_lacking(steps: Steps, run: _Run, side: str, lacking: Uncovered) -> None:
    """Add what no model's history has of a trace's inputs or outputs."""
    whole = Steps()
    _read_side(whole, run, side)
    at = run.started if side == "inputs" else run.ended
    for step in whole.steps:
        text = getattr(step, "text", None)
        if text is None:
            if lacking.lacks_step(step):
                steps.add(step, at)
            continue
        leaves = leaves_of(parse_json(text))
        missing = [leaf for leaf in leaves if lacking.lacks_text(leaf)]
        if missing and len(missing) == len(leaves):
            steps.add(step, at)
        elif missing:
            steps.say(dumps(missing), by_user=side == "inputs")


def _read_end(steps: Steps, run: _Run, lacking: Uncovered, errors: set[str]) -> None:
    _add_lacking(steps, run, "outputs", lacking)
    _read_error(steps, run, lacking, errors)


def _read_error(steps: Steps, run: _Run, lacking: Uncovered, errors: set[str]) -> None:
    """Add a run's error once: the runs around a failed one repeat it."""
    if not run.fields.get("error"):
        return
    error = as_text(run.fields["error"])
    if error not in errors and lacking.lacks_text(error):
        errors.add(error)
        steps.at = run.ended
        steps.say(f"[error] {error}", by_user=False)


def leaves_of(value: Any) -> list[str]:
    """Return the texts in a value, at any depth."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [leaf for one in inner for leaf in leaves_of(one)]
