"""Sizes of the artifact and resources of the stack."""

from benchmarks import artifact
from benchmarks.artifact import Artifact
from benchmarks.report.section import Figure, Section, table


def measure() -> Artifact:
    """Return the sizes."""
    return artifact.measure()


def present(passes: list[Artifact]) -> Section:
    """Return the sizes by part."""
    found = passes[0]
    rows = [
        (name, round(one.unzipped / 1e6, 1), round(one.zipped / 1e6, 1))
        for name, one in found.parts.items()
    ]
    intro = (
        "Megabytes of what is deployed, built for this machine's architecture. All functions share "
        "one folder of code and the first layer. Measured once; `tests/budgets.toml` has budgets."
    )
    return Section(
        title="Sizes",
        command="python -m benchmarks.artifact",
        text=[intro, table(("part", "unzipped MB", "zipped MB"), rows)],
        figures=[
            Figure(
                "largest function with its layers, of 250 MB that Lambda allows",
                [round(found.largest / 2**20)],
                "MB",
                goal=250,
            ),
            Figure("resources, of 500 that CloudFormation allows", [found.resources], goal=470),
        ],
    )
