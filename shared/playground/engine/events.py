"""Event types of a playground session's log, and the fields of their data.

Transcripts are read by these names. Each event's ``context`` is ``{turn, ms}``, ``ms`` being
milliseconds since the turn began; the first event of a turn also has ``started_at``. The
log alone determines the session's state: see ``state.evolve``.
"""

#: ``{text}``
USER_MESSAGE = "user.message"
#: ``{node_id, type}``: a node starts to run, for the first time or again
NODE_ENTERED = "node.entered"
#: ``{text, node_id}``
ASSISTANT_MESSAGE = "assistant.message"
#: ``{variable, times}``: an agent asks for a variable, and how often it has by now
VARIABLE_ASKED = "variable.asked"
#: ``{tool_call_id, tool, arguments}``
TOOL_CALLED = "tool.called"
#: ``{tool_call_id, tool, output}`` or ``{tool_call_id, tool, error}``; ``delay_ms`` if the
#: mock has one; in a recorded world ``matched`` (the rule that chose the answer, absent in events
#: stored before there were such rules) and ``recorded`` (the index of the recorded call)
TOOL_ANSWERED = "tool.answered"
#: ``{set}``: variables and their new values; ``{skipped}``: rejected values, each with a reason
CONTEXT_SET = "context.set"
#: ``{signal}``
SIGNAL = "signal"
#: ``{node_id, failed}``: a node finished; ``failed`` is the reason, or null
NODE_COMPLETED = "node.completed"
#: ``{edge_id, from, to, because, condition, seen, passed_over}``: the edge taken, and why;
#: ``edge_id`` is null for the outcomes of an approval
EDGE_TAKEN = "edge.taken"
#: ``{node_id, approver_role, deadline}``
APPROVAL_REQUESTED = "approval.requested"
#: ``{node_id, decision, note, by}``: approve or deny, by a ``person`` or the ``deadline``
APPROVAL_DECIDED = "approval.decided"
