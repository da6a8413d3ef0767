"""Filter of the list of evaluation runs: values of one filter are OR-ed, filters AND-ed."""

from dataclasses import dataclass

from shared.evaluations.evaluation_runs.domain import EvaluationRun
from shared.evaluations.list_windows import matches
from shared.evaluations.query_parameters import IDS, MAX_VALUE, Declaration, ListParameters

RUN_FILTERS: dict[str, Declaration] = {
    "ids": IDS,
    "productIds": "Only runs of these products",
    "versionIds": "Only runs that accept one of these versions only",
    "customIds": "Only these custom ids",
    "statuses": "Only these statuses",
    "search": (
        "Part of the custom id, case-insensitive, or the number, as in `#3`",
        {"type": "string", "maxLength": MAX_VALUE},
    ),
}
_ARRAYS = [name for name in RUN_FILTERS if name != "search"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFilter:
    """Filter of evaluation runs. Ids are texts of the client: an invalid one matches nothing."""

    ids: tuple[str, ...] = ()
    product_ids: tuple[str, ...] = ()
    version_ids: tuple[str, ...] = ()
    custom_ids: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    search: str = ""

    def passes(self, run: EvaluationRun) -> bool:
        """Return whether a run matches by its own fields, ids apart."""
        text = self.search.casefold()
        return (
            matches(str(run.product_id), self.product_ids)
            and matches(str(run.version_id or ""), self.version_ids)
            and matches(run.custom_id, self.custom_ids)
            and matches(run.status, self.statuses)
            and (text in (run.custom_id or "").casefold() or text.lstrip("#") == str(run.ordinal))
        )


def run_filter(query: ListParameters) -> RunFilter:
    """Return the filter of a list of evaluation runs."""
    return RunFilter(**query.arrays(_ARRAYS), search=query.text("search").strip())
