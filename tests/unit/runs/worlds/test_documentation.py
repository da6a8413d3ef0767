"""Lines of docs/worlds.md: those of the agents that the integration tests run."""

from local.settings import ROOT
from tests.support.pages import blocks

AGENTS = ROOT / "tests" / "integration" / "clients" / "world_agents.py"


def test_documented_lines_are_those_of_the_tested_agents() -> None:
    tested = {line.strip() for line in AGENTS.read_text().splitlines()}

    examples = blocks("docs/worlds.md", "Frameworks", "python")

    lines = [line.strip() for example in examples for line in example.splitlines()]
    assert len(examples) == 3
    assert [line for line in lines if line not in tested] == []
