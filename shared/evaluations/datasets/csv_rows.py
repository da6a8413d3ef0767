"""CSV files of tests: a test case in each row, its fields in columns by name."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic.alias_generators import to_snake

from shared.core.errors import InvalidInput, TooLarge
from shared.evaluations.catalog.api import TestCaseInput

#: Bytes and rows of a file, at most.
MAX_BYTES, MAX_ROWS = 10_000_000, 1_000
#: A test case has one of these.
_SUBJECTS = ("input", "goal", "scenario")
_TEXTS = (
    *_SUBJECTS, "context", "expected_output", "user_persona", "variant", "strategy",
    "language_code", "source", "source_file",
)  # fmt: skip
_LISTS = ("expected_tools", "stopping_criterias")
_NUMBER = "max_iterations"
#: Fields of JSON objects, or of texts.
_OBJECTS = ("input", "context")
#: Earlier and shorter names of columns.
_NAMES = {
    "initial_prompt": "input", "tag": "variant", "language": "language_code",
    "stopping_criteria": "stopping_criterias",
}  # fmt: skip
_FIELDS = frozenset({*_TEXTS, *_LISTS, _NUMBER})


@dataclass(frozen=True, slots=True)
class Dataset:
    """Fields of the test cases of a file, in its order; names of columns that it does not use."""

    cases: list[dict[str, Any]]
    ignored: list[str]


def read_dataset(content: bytes) -> Dataset:
    """Return the test cases of a CSV file with a header, in UTF-8.

    Raises ``InvalidInput`` that names the row, as a spreadsheet counts it, and ``TooLarge``.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InvalidInput(f"uri: line {line}: must be UTF-8.") from error
    rows = _rows(text)
    header = next(rows, [])
    names = [_NAMES.get(name, name) for name in (to_snake(one.strip()) for one in header)]
    if not set(_SUBJECTS) & set(names):
        raise InvalidInput("uri: row 1: must name a column input, goal or scenario.")
    if twice := {name for name in names if names.count(name) > 1 and name in _FIELDS}:
        raise InvalidInput(f"uri: row 1: must name {min(twice)} once.")
    cases: list[dict[str, Any]] = []
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(cases) == MAX_ROWS:
            raise TooLarge(f"uri: must have at most {MAX_ROWS} test cases; split the file.")
        cases.append(_case(number, names, row))
    if not cases:
        raise InvalidInput("uri: row 2: must have a test case.")
    used = dict(zip(header, names, strict=True))
    return Dataset(cases, [one for one, name in used.items() if name not in _FIELDS])


def _rows(text: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InvalidInput(f"uri: row {number}: {error}.") from error


def _case(number: int, names: list[str], row: list[str]) -> dict[str, Any]:
    if len(row) > len(names):
        raise InvalidInput(f"uri: row {number}: must have at most {len(names)} cells.")
    cells = {
        name: cell
        for name, cell in zip(names, row, strict=False)
        if name in _FIELDS and cell.strip()
    }
    if not set(_SUBJECTS) & cells.keys():
        raise InvalidInput(f"uri: row {number}: must have an input, a goal or a scenario.")
    values = {name: _value(number, name, cell) for name, cell in cells.items()}
    try:
        case = TestCaseInput.model_validate({"test_id": "", **values}, by_name=True)
    except ValidationError as error:
        first = error.errors()[0]
        place = to_snake(str(first["loc"][0]))
        raise InvalidInput(f"uri: row {number}: {place}: {first['msg']}.") from error
    return case.model_dump(exclude={"test_id"})


def _value(number: int, name: str, cell: str) -> Any:
    text = cell.strip()
    if name == _NUMBER:
        if not re.fullmatch(r"[0-9]{1,10}", text):
            raise InvalidInput(f"uri: row {number}: {name}: must be a whole number.")
        return int(text)
    if name in _LISTS:
        parsed = _json(text, list)
        return re.split("[;|]", text) if parsed is None else parsed
    parsed = _json(text, dict) if name in _OBJECTS else None
    return cell if parsed is None else parsed


def _json(text: str, kind: type) -> Any:
    """Return the JSON value of a text if it is of a kind, else None."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, kind) else None
