"""Arguments and options of the command ``run``."""

from pathlib import Path
from typing import Annotated

import typer

_Texts = list[str] | None
_Text = str | None
_Int = int | None
_File = Path | None

Scenarios = Annotated[_Texts, typer.Argument(metavar="[SCENARIO]...", help="Ids of scenarios.")]
Tag = Annotated[_Texts, typer.Option(help="Scenarios with all of these tags; repeatable.")]
Target = Annotated[
    _Text,
    typer.Option(
        help="URL of the agent; one on this machine or in its network is called from here."
    ),
]
Agent = Annotated[_Text, typer.Option(help="Agent of the API.")]
Workflow = Annotated[_Text, typer.Option(help="Workflow of the catalog.")]
Revision = Annotated[_Text, typer.Option(help="Revision of a workflow.")]
Protocol = Annotated[_Text, typer.Option(help="Protocol of --target: openai or http.")]
TargetModel = Annotated[_Text, typer.Option(help="Model that --target is asked for.")]
Secret = Annotated[
    _Text, typer.Option(help="Name of the secret with the key of a --target that the server calls.")
]
Relay = Annotated[bool, typer.Option("--relay", help="Call --target from here, wherever it is.")]
Name = Annotated[_Text, typer.Option(help="Name of the run; default: the tags.")]
Repeats = Annotated[int, typer.Option(min=1, max=16, help="Repeats of each scenario.")]
Persona = Annotated[_Texts, typer.Option(help="Persona that plays the user; repeatable.")]
JudgeModel = Annotated[_Text, typer.Option(help="Model that judges success criteria.")]
UserModel = Annotated[
    _Text,
    typer.Option(
        help="Model of the simulated user; default: a script of the recorded user's messages."
    ),
]
Threshold = Annotated[
    _Int, typer.Option(min=1, max=5, help="Least score of a criterion that passes.")
]
MaxTurns = Annotated[_Int, typer.Option(min=1, help="Turns of a simulation, at most.")]
Concurrency = Annotated[_Int, typer.Option(min=1, help="Simulations at a time, at most.")]
MaxCost = Annotated[float | None, typer.Option(min=0, help="Dollars of the run, at most.")]
MaxTokens = Annotated[_Int, typer.Option(min=1, help="Tokens of the run, at most.")]
Baseline = Annotated[
    _Text,
    typer.Option(help="Run to compare with: its id, or last: the last completed run of this name."),
]
FailUnder = Annotated[
    float, typer.Option(min=0, max=1, help="Least pass@1 with which the run passes.")
]
FailOnRegression = Annotated[
    bool, typer.Option("--fail-on-regression", help="A regressed scenario fails the run.")
]
Junit = Annotated[_File, typer.Option(help="File for the report as JUnit XML.")]
Html = Annotated[_File, typer.Option(help="File for the report as HTML page.")]
Markdown = Annotated[_File, typer.Option(help="File for the report as Markdown.")]
Resume = Annotated[_Text, typer.Option(help="Run that was interrupted, to take up again.")]
