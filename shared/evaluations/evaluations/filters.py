"""Filter of the list of evaluations: values of one filter are OR-ed, filters are AND-ed."""

from dataclasses import dataclass

from shared.core.errors import InvalidInput
from shared.evaluations.evaluations.domain import Evaluation, EvaluationStatus
from shared.evaluations.list_windows import matches
from shared.evaluations.query_parameters import IDS, MAX_VALUE, Declaration, ListParameters

#: Values of ``ids`` and ``sessionIds``, at most: the official SDK sends as many.
_MAX_IDS = 200
_FLAG = {"type": "boolean"}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_MANY = {
    "type": "array",
    "items": {"type": "string", "maxLength": MAX_VALUE},
    "maxItems": _MAX_IDS,
}
#: Statuses of the contract that evaluations of this API never have.
_OTHER_STATUSES = {"CANCELLED", "OUTDATED"}
_BOUNDS = {"Gt": "above", "Gte": "from", "Lt": "below", "Lte": "up to"}
EVALUATION_FILTERS: dict[str, Declaration] = {
    "ids": (IDS, _MANY),
    "sessionIds": ("Only evaluations of these sessions and their turns", _MANY),
    "inferenceResultIds": "Only evaluations of these turns",
    "versionIds": "Only evaluations of sessions of these versions",
    "testCaseIds": "Only evaluations of sessions of these test cases",
    "testIds": "Only evaluations of sessions of test cases of these tests",
    "metricIds": "Only evaluations by these metrics",
    "runIds": "Only evaluations of these runs",
    "statuses": "Only these statuses",
    "userIds": "Only evaluations created by these API keys",
    "passed": ("Only evaluations that reach their metric's threshold, or that do not", _FLAG),
    "includeExcludedFromAnalytics": (
        "Metrics are never excluded from analytics: any value changes nothing",
        _FLAG,
    ),
    **{f"score{end}": (f"Only scores {text} this value", _SHARE) for end, text in _BOUNDS.items()},
    **{
        f"humanScore{end}": ("People's scores are not recorded: any value matches nothing", _SHARE)
        for end in _BOUNDS
    },
}
_ARRAYS = (
    "inferenceResultIds", "versionIds", "testCaseIds", "testIds", "metricIds", "runIds",
    "statuses", "userIds",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationFilter:
    """Filter of evaluations. Ids are texts of the client: an invalid one matches nothing.

    ``has_human_score`` is true for a filter by people's scores, which are not recorded.
    """

    ids: tuple[str, ...] = ()
    session_ids: tuple[str, ...] = ()
    inference_result_ids: tuple[str, ...] = ()
    version_ids: tuple[str, ...] = ()
    test_case_ids: tuple[str, ...] = ()
    test_ids: tuple[str, ...] = ()
    metric_ids: tuple[str, ...] = ()
    run_ids: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    user_ids: tuple[str, ...] = ()
    passed: bool | None = None
    above: float | None = None
    lowest: float | None = None
    below: float | None = None
    highest: float | None = None
    has_human_score: bool = False

    def passes(self, one: Evaluation) -> bool:
        """Return whether an evaluation matches."""
        return (
            matches(str(one.session_id), self.session_ids)
            and matches(str(one.inference_result_id or ""), self.inference_result_ids)
            and matches(str(one.version_id), self.version_ids)
            and matches(str(one.test_case_id or ""), self.test_case_ids)
            and matches(str(one.test_id or ""), self.test_ids)
            and matches(str(one.metric_id), self.metric_ids)
            and matches(one.run_id, self.run_ids)
            and matches(one.status, self.statuses)
            and matches(str(one.user_id), self.user_ids)
            and self.passed in (None, one.passed)
            and not self.has_human_score
            and self._has_score(one.score)
        )

    def _has_score(self, score: float | None) -> bool:
        bounds = (self.above, self.lowest, self.below, self.highest)
        if score is None:
            return all(bound is None for bound in bounds)
        return (
            (self.above is None or score > self.above)
            and (self.lowest is None or score >= self.lowest)
            and (self.below is None or score < self.below)
            and (self.highest is None or score <= self.highest)
        )


def evaluation_filter(query: ListParameters) -> EvaluationFilter:
    """Return the filter of a list of evaluations."""
    query.flag("includeExcludedFromAnalytics")
    human = [query.share(f"humanScore{end}") for end in _BOUNDS]
    above, lowest, below, highest = (query.share(f"score{end}") for end in _BOUNDS)
    found = EvaluationFilter(
        ids=query.array("ids", _MAX_IDS),
        session_ids=query.array("sessionIds", _MAX_IDS),
        **query.arrays(_ARRAYS),
        passed=query.flag("passed"),
        above=above,
        lowest=lowest,
        below=below,
        highest=highest,
        has_human_score=any(one is not None for one in human),
    )
    if not set(found.statuses) <= EvaluationStatus.__members__.keys() | _OTHER_STATUSES:
        raise InvalidInput(f"statuses: must be {', '.join(EvaluationStatus)}.")
    return found
