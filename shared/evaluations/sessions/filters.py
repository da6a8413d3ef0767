"""Filter of the session list: values of one filter are OR-ed, filters are AND-ed."""

from dataclasses import dataclass

from shared.core.errors import InvalidInput
from shared.evaluations.list_windows import matches
from shared.evaluations.query_parameters import IDS, Declaration, ListParameters
from shared.evaluations.sessions.domain import EvaluationSession, SessionStatus

SESSION_FILTERS: dict[str, Declaration] = {
    "ids": IDS,
    "customIds": "Only these custom ids",
    "productIds": "Only sessions of versions of these products",
    "versionIds": "Only sessions of these versions",
    "testCaseIds": "Only sessions of these test cases",
    "testIds": "Only sessions of test cases of these tests; empty for sessions without a test",
    "excludeTestIds": "No sessions of test cases of these tests; empty for those without a test",
    "statuses": "Only these statuses",
    "userIds": "Only sessions created by these API keys",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFilter:
    """Filter of sessions. Ids are texts of the client: an invalid one matches nothing."""

    ids: tuple[str, ...] = ()
    custom_ids: tuple[str, ...] = ()
    product_ids: tuple[str, ...] = ()
    version_ids: tuple[str, ...] = ()
    test_case_ids: tuple[str, ...] = ()
    test_ids: tuple[str, ...] = ()
    exclude_test_ids: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    user_ids: tuple[str, ...] = ()

    def passes(self, session: EvaluationSession) -> bool:
        """Return whether a session matches; an empty test id stands for no test."""
        test_id = str(session.test_id or "")
        return (
            matches(str(session.id), self.ids)
            and matches(session.custom_id, self.custom_ids)
            and matches(str(session.product_id), self.product_ids)
            and matches(str(session.version_id), self.version_ids)
            and matches(str(session.test_case_id or ""), self.test_case_ids)
            and matches(test_id, self.test_ids)
            and test_id not in self.exclude_test_ids
            and matches(session.status, self.statuses)
            and matches(str(session.user_id), self.user_ids)
        )


def session_filter(query: ListParameters) -> SessionFilter:
    """Return the filter of a list of sessions."""
    found = SessionFilter(**query.arrays(SESSION_FILTERS))
    if not set(found.statuses) <= SessionStatus.__members__.keys():
        raise InvalidInput("statuses: must be PENDING, COMPLETED or FAILED.")
    return found
