"""Galtea SDK, in the version of this interpreter: each public method of the services, once.

    python galtea_methods.py PRODUCT_ID CSV_FILE

URL and key come from GALTEA_API_URL and GALTEA_API_KEY. Prints as JSON, for each method, an empty
text if it works, and else why not. Methods have the names of SDK 5.12: earlier ones call a dataset
a test, a trace an inference result, and a span a trace.
"""

import json
import os
import sys
import tempfile
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

warnings.simplefilter("ignore")

from galtea import Galtea  # noqa: E402  # its own warnings are ignored

SDK = version("galtea")
IS_FIRST = SDK.startswith("4.")
SERVICES = (
    "products", "versions", "datasets", "test_cases", "sessions", "traces", "spans", "simulator",
    "metrics", "evaluations", "runs", "storage",
)  # fmt: skip
#: Names of services and methods in SDK 4.
EARLIER = {"datasets": "tests", "traces": "inference_results", "spans": "traces"}
RENAMED = {"spans.start_span": "start_trace", "spans.traced": "trace"}
TURNS = [{"role": "user", "content": "And when?"}, {"role": "assistant", "content": "Tomorrow."}]


class Needed(Exception):
    """Result of an earlier call that failed."""


class State:
    """Results of the calls that later ones need."""

    def __getattr__(self, name: str) -> Any:
        raise Needed(f"needs {name.replace('_', ' ')}")


def answer(messages: list[dict[str, Any]]) -> str:
    """Answer a simulated user; the SDK reads the annotations."""
    return f"It is on its way, message {len(messages)}."


class Calls:
    """One call of each method; a call returns what the SDK does."""

    def __init__(self, client: Any, product: str, csv_file: str) -> None:
        self.client, self.product, self.csv_file = client, product, csv_file
        self.state = State()
        self.name = f"of {product} by {SDK}"

    def keep(self, name: str, found: Any) -> Any:
        if found is None:
            raise AssertionError("the SDK logged an error and returned None")
        setattr(self.state, name, found)
        return found

    def service(self, name: str) -> Any:
        return getattr(self.client, EARLIER.get(name, name) if IS_FIRST else name)

    def catalog(self) -> dict[str, Callable[[], Any]]:
        state, client, product = self.state, self.client, self.product
        versions, datasets, cases = client.versions, self.service("datasets"), client.test_cases
        file = "test_file_path" if IS_FIRST else "dataset_file_path"
        facts = {"model": "gpt-4o", "run": self.name}
        return {
            "products.get": lambda: client.products.get(product),
            "products.list": lambda: client.products.list(id=product),
            "products.get_by_name": lambda: client.products.get_by_name(
                client.products.get(product).name
            ),
            "versions.create": lambda: self.keep(
                "version", versions.create(product_id=product, name=self.name)
            ),
            "versions.get": lambda: versions.get(state.version.id),
            "versions.list": lambda: versions.list(product_id=product),
            "versions.get_by_name": lambda: versions.get_by_name(product, self.name),
            "versions.update": lambda: versions.update(state.version.id, description="Brief."),
            "versions.get_or_create": lambda: self.keep(
                "other_version", versions.get_or_create(product_id=product, facts=facts)
            ),
            "datasets.create": lambda: self.keep("dataset", self._new_dataset(self.name)),
            "datasets.create (from a CSV file)": lambda: self.keep(
                "uploaded", self._new_dataset(f"file {self.name}", **{file: self.csv_file})
            ),
            "datasets.get": lambda: datasets.get(state.dataset.id),
            "datasets.list": lambda: datasets.list(product_id=product),
            "datasets.get_by_name": lambda: datasets.get_by_name(product, self.name),
            "datasets.update": lambda: datasets.update(state.dataset.id, metadata={"a": 1}),
            "datasets.download": lambda: self._same_file(
                datasets.download(state.uploaded, tempfile.mkdtemp())
            ),
            "test_cases.create": lambda: self.keep(
                "test_case", cases.create(state.dataset.id, input="Hello", expected_output="Hi")
            ),
            "test_cases.list": lambda: cases.list(state.dataset.id),
            "test_cases.list (of a CSV file)": lambda: self._two_cases(state.uploaded.id),
            "test_cases.get": lambda: cases.get(state.test_case.id),
            "test_cases.upload_input_file": lambda: cases.upload_input_file(self.csv_file),
        }

    def conversations(self) -> dict[str, Callable[[], Any]]:
        state, sessions, traces = self.state, self.client.sessions, self.service("traces")
        spans = self.service("spans")
        span: Any = {"inference_result_id" if IS_FIRST else "trace_id": ""}
        by_custom_id = {} if IS_FIRST else {"version_id": ""}
        return {
            "sessions.create": lambda: self.keep(
                "session",
                sessions.create(
                    version_id=state.version.id, custom_id=self.name, is_production=False
                ),
            ),
            "sessions.get": lambda: sessions.get(state.session.id),
            "sessions.list": lambda: sessions.list(version_id=state.version.id),
            "sessions.get_by_custom_id": lambda: sessions.get_by_custom_id(
                self.name, **dict.fromkeys(by_custom_id, state.version.id)
            ),
            "sessions.get_or_create": lambda: sessions.get_or_create(
                custom_id=self.name, version_id=state.version.id
            ),
            "sessions.update": lambda: sessions.update(state.session.id, metadata={"a": 1}),
            "traces.create": lambda: self.keep(
                "trace", traces.create(session_id=state.session.id, input="Where?", output="Here.")
            ),
            "traces.create_batch": lambda: traces.create_batch(
                session_id=state.session.id, conversation_turns=TURNS
            ),
            "traces.get": lambda: traces.get(state.trace.id),
            "traces.list": lambda: traces.list(session_id=state.session.id),
            "traces.update": lambda: traces.update(state.trace.id, output="There."),
            "traces.generate": lambda: traces.generate(answer, state.session, "Hello"),
            "traces.upload_output_file": lambda: traces.upload_output_file(self.csv_file),
            "spans.create": lambda: self.keep(
                "span", spans.create(name="search", **dict.fromkeys(span, state.trace.id))
            ),
            "spans.create_batch": lambda: spans.create_batch([self._span()]),
            "spans.get": lambda: spans.get(state.span.id),
            "spans.list": lambda: spans.list(**dict.fromkeys(span, state.trace.id)),
            "spans.set_context": lambda: self.keep(
                "token", spans.set_context(**dict.fromkeys(span, state.trace.id))
            ),
            "spans.traced": lambda: getattr(spans, "trace" if IS_FIRST else "traced")(type="TOOL")(
                len
            )(""),
            "spans.start_span": self._start_span,
            "spans.clear_context": lambda: spans.clear_context(state.token),
            "spans.delete": lambda: spans.delete(state.span.id),
            "simulator.simulate": lambda: self.client.simulator.simulate(
                session_id=sessions.create(
                    version_id=state.version.id, test_case_id=state.test_case.id
                ).id,
                agent=answer,
                max_turns=2,
            ),
        }

    def scores(self) -> dict[str, Callable[[], Any]]:
        state, metrics, evaluations = self.state, self.client.metrics, self.client.evaluations
        own = [{"name": self.name, "score": 0.5}]
        of_trace = "inference_result_id" if IS_FIRST else "trace_id"
        return {
            "metrics.create": lambda: self.keep(
                "metric", metrics.create(name=self.name, source="self_hosted")
            ),
            "metrics.get": lambda: metrics.get(state.metric.id),
            "metrics.get_by_name": lambda: metrics.get_by_name(self.name),
            "metrics.list": metrics.list,
            "metrics.get_analytics_exclusion_impact": lambda: (
                metrics.get_analytics_exclusion_impact(state.metric.id)
            ),
            "metrics.set_analytics_exclusion": lambda: metrics.set_analytics_exclusion(
                state.metric.id, excluded=True
            ),
            "evaluations.create": lambda: self.keep(
                "evaluation",
                evaluations.create(metrics=own, **{of_trace: state.trace.id})[0],
            ),
            "evaluations.create_single_turn": lambda: evaluations.create_single_turn(
                version_id=state.version.id, actual_output="Hi", input="Hello", metrics=own,
                is_production=True,
            ),
            "traces.create_and_evaluate": lambda: self.service("traces").create_and_evaluate(
                session_id=state.session.id, input="Where?", output="Here.", metrics=own
            ),
            "evaluations.get": lambda: evaluations.get(state.evaluation.id),
            "evaluations.list": lambda: evaluations.list(session_id=state.session.id),
            "evaluations.wait_for": lambda: evaluations.wait_for([state.evaluation.id], timeout=5),
            "evaluations.retry": lambda: evaluations.retry([state.evaluation.id]),
            "evaluations.run": self._run_version,
            "evaluations.run (with an agent)": lambda: evaluations.run(
                state.version.id, agent=answer
            ),
        }  # fmt: skip

    def runs(self) -> dict[str, Callable[[], Any]]:
        state, runs = self.state, getattr(self.client, "runs", None)
        storage = getattr(self.client, "storage", None)
        if runs is None or storage is None:
            return {}
        return {
            "runs.start": lambda: self.keep(
                "run", runs.start(product_id=self.product, custom_id=self.name)
            ),
            "runs.get": lambda: runs.get(state.run.id),
            "runs.get_by_custom_id": lambda: runs.get_by_custom_id(self.product, self.name),
            "runs.list": lambda: runs.list(product_ids=self.product, statuses="RUNNING"),
            "runs.close": lambda: runs.close(state.run.id),
            "runs.delete": lambda: runs.delete(state.run.id),
            "storage.upload": lambda: self.keep("upload", storage.upload(self.csv_file)),
            "storage.upload_attached_file": lambda: storage.upload_attached_file(self.csv_file),
            "storage.upload_input_file": lambda: storage.upload_input_file(self.csv_file),
            "storage.resolve_attached_file": lambda: storage.resolve_attached_file(state.upload),
            "storage.resolve_input_file": lambda: storage.resolve_input_file(state.upload),
            "storage.read": lambda: storage.read(state.upload),
            "storage.download": lambda: self._same_file(
                storage.download(state.upload, tempfile.mkdtemp())
            ),
        }

    def removals(self) -> dict[str, Callable[[], Any]]:
        state, client, sessions = self.state, self.client, self.client.sessions
        return {
            "evaluations.delete": lambda: client.evaluations.delete(state.evaluation.id),
            "metrics.delete": lambda: client.metrics.delete(state.metric.id),
            "traces.delete": lambda: self.service("traces").delete(state.trace.id),
            "sessions.finish": lambda: sessions.finish(state.session.id),
            "sessions.delete": lambda: sessions.delete(state.session.id),
            "test_cases.delete": lambda: client.test_cases.delete(self._new_case()),
            "datasets.delete": lambda: self.service("datasets").delete(self._empty_test()),
            "versions.delete": lambda: client.versions.delete(self._empty_version()),
            "products.delete": lambda: client.products.delete(os.environ["EMPTY_PRODUCT"]),
        }

    def _same_file(self, path: str) -> None:
        assert Path(path).read_text() == Path(self.csv_file).read_text(), "another file"

    def _span(self) -> Any:
        if IS_FIRST:
            from galtea.domain.models.trace import TraceBase

            return TraceBase(inference_result_id=self.state.trace.id, name="batch")
        from galtea.domain.models.span import SpanBase

        return SpanBase(trace_id=self.state.trace.id, name="batch")

    def _start_span(self) -> None:
        spans = self.service("spans")
        with (spans.start_trace if IS_FIRST else spans.start_span)("step"):
            pass

    def _new_dataset(self, name: str, **options: Any) -> Any:
        return self.service("datasets").create(
            name=name, type="ACCURACY", product_id=self.product, **options
        )

    def _two_cases(self, dataset: str) -> None:
        found = self.client.test_cases.list(dataset, sort_by_created_at="asc")
        assert [one.input for one in found] == ["Where is 4711?", "And 4712?"], found

    def _new_case(self) -> str:
        return str(self.client.test_cases.create(self.state.dataset.id, input="Hello").id)

    def _run_version(self) -> Any:
        self.client.metrics.create(
            name=f"{self.name}, judged",
            source="partial_prompt",
            judge_prompt="The answer names a place.",
            evaluation_params=["input", "actual_output"],
            evaluator_model_name="a judge",
        )
        return self.client.evaluations.run(self.state.version.id)

    def _empty_test(self) -> str:
        return str(self._new_dataset(f"empty {self.name}").id)

    def _empty_version(self) -> str:
        return str(self.client.versions.create(product_id=self.product, name="empty").id)


def methods(client: Any) -> list[str]:
    """Return the public methods of the services that this version has."""
    earlier = {f"{service}.{own}": name for name, own in RENAMED.items() for service in ["spans"]}
    found = []
    for name in SERVICES:
        service = getattr(client, EARLIER.get(name, name) if IS_FIRST else name, None)
        own = [one for one in dir(service) if not one.startswith("_")] if service else []
        found += [
            earlier.get(f"{name}.{one}", f"{name}.{one}")
            for one in own
            if callable(getattr(service, one))
        ]
    return found


def reason(error: Exception) -> str:
    """Return why a call failed, in one line."""
    response = getattr(error, "response", None)
    if response is None:
        return f"{error}".partition("\n")[0][:100] or type(error).__name__
    try:
        body = response.json()
        text = str(body.get("message") or body.get("error"))
    except ValueError:
        text = "not JSON"
    return f"{response.status_code} {text}"[:100]


def main() -> None:
    client = Galtea(api_key=os.environ["GALTEA_API_KEY"])
    calls = Calls(client, *sys.argv[1:])
    parts = (calls.catalog, calls.conversations, calls.scores, calls.runs, calls.removals)
    all_calls = {name: call for part in parts for name, call in part().items()}
    results = {}
    known = methods(client)
    called = {name.partition(" ")[0] for name in all_calls}
    for name in [*all_calls, *(one for one in known if one not in called)]:
        if name.partition(" ")[0] not in known:
            continue
        try:
            all_calls[name]()
            results[name] = ""
        except Exception as error:  # each is a result
            results[name] = reason(error) if name in all_calls else "not called"
    sys.stdout.write("\n" + json.dumps({"sdk": SDK, "methods": results}) + "\n")


if __name__ == "__main__":
    main()
