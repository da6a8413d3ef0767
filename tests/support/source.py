"""The project's own source: modules, their syntax trees and their imports."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.support.template import ROOT

#: Openings of a docstring or a description that hide its subject.
QUESTION = re.compile(r"(What|Where|Who|Whose|How|Which|Whether|Tell|Say|From|When)\b")


@cache
def modules(folder: str) -> list[Path]:
    return sorted(path.relative_to(ROOT) for path in (ROOT / folder).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text())


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def defines_handler(path: Path) -> bool:
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef) and node.name == "handler":
            return True
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "handler" for target in node.targets
        ):
            return True
    return False
