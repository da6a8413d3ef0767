"""Messages of the trace queue: a batch of them assembles each session once."""

from collections import defaultdict
from collections.abc import Callable, Mapping

from shared.core.ids import OrganizationId
from shared.core.observability import logger
from shared.traces.assembly import TraceAssembly
from shared.traces.domain import Owner
from shared.traces.queue import traces_in

type Trace = tuple[OrganizationId, str]


def assemble_messages(
    assembly: TraceAssembly,
    bodies: Mapping[str, str],
    has_time: Callable[[], bool] = lambda: True,
) -> list[str]:
    """Assemble the sessions of the messages' traces; return the ids of failed messages.

    A failure is logged, and concerns the messages with traces of that session. So do sessions
    for which there is no time any more: the function's end would fail the whole batch.
    """
    batch = _Batch(assembly, has_time)
    traces: dict[str, list[Trace]] = {}
    failed = []
    for identifier, body in bodies.items():
        try:
            traces[identifier] = traces_in(body)
        except Exception as error:  # the edge: only failed messages are delivered again
            _log(error)
            failed.append(identifier)
    for trace in dict.fromkeys(one for found in traces.values() for one in found):
        batch.assign(trace)
    batch.assemble()
    return failed + [one for one, found in traces.items() if not batch.failed.isdisjoint(found)]


class _Batch:
    def __init__(self, assembly: TraceAssembly, has_time: Callable[[], bool]) -> None:
        self._assembly = assembly
        self._has_time = has_time
        self._owned: dict[tuple[OrganizationId, Owner], list[Trace]] = defaultdict(list)
        self._former: dict[tuple[OrganizationId, Owner], list[Trace]] = defaultdict(list)
        self.failed: set[Trace] = set()

    def assign(self, trace: Trace) -> None:
        organization_id, name = trace
        try:
            owners = self._assembly.assign(organization_id, name)
        except Exception as error:  # the edge: see assemble_messages
            _log(error)
            self.failed.add(trace)
            return
        for number, owner in enumerate(owners):
            group = self._former if number else self._owned
            group[organization_id, owner].append(trace)

    def assemble(self) -> None:
        """Assemble each session once: former owners first, so that nothing is twice."""
        for group, is_former in ((self._former, True), (self._owned, False)):
            for (organization_id, owner), traces in group.items():
                if not self._has_time():
                    logger.warning("no time for a session", extra={"traces": len(traces)})
                    self.failed.update(traces)
                    continue
                try:
                    self._assembly.assemble(organization_id, owner, is_former=is_former)
                except Exception as error:  # the edge: see assemble_messages
                    _log(error)
                    self.failed.update(traces)
        for trace in {one for found in self._former.values() for one in found} - self.failed:
            try:
                self._assembly.settle(*trace)
            except Exception as error:  # the edge: see assemble_messages
                _log(error)
                self.failed.add(trace)


def _log(error: Exception) -> None:
    logger.exception("assembly failed", extra={"reason": str(error)})
