"""Examples of run reports in functions/runs/."""

from local.examples.example import Example, example_id

#: Stands for the engine, which runs two runs to their ends, among an example's predecessors.
FINISH_RUNS = "runs.finish"
RUN_ID = example_id("/v1/runs")
BASELINE_ID = example_id("/v1/runs", "baseline")

_RUN = {"run_id": str(RUN_ID)}

EXAMPLES = {
    "runs.compare": Example(
        parameters=_RUN, query=(("with", str(BASELINE_ID)),), after=(FINISH_RUNS,)
    ),
    "runs.report": Example(
        parameters=_RUN,
        query=(("format", "json"), ("baseline", str(BASELINE_ID))),
        after=(FINISH_RUNS,),
    ),
}
