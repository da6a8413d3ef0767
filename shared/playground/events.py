"""The types of the events in a playground session's log, and what their data holds.

Whoever reads transcripts relies on these names. Each event's ``context`` tells its turn:
``{turn, ms}``, ``ms`` being milliseconds since the turn began; the first event of a turn
also has ``started_at``. All that a session is follows from its log: see
``engine_state.evolve``.
"""

#: ``{text}``
USER_MESSAGE = "user.message"
#: ``{node_id, type}``: a node is run, for the first time or again
NODE_ENTERED = "node.entered"
#: ``{text, node_id}``
ASSISTANT_MESSAGE = "assistant.message"
#: ``{variable, times}``: an agent asks for a variable, for the how manieth time
VARIABLE_ASKED = "variable.asked"
#: ``{tool_call_id, tool, arguments}``
TOOL_CALLED = "tool.called"
#: ``{tool_call_id, tool, output}`` or ``{tool_call_id, tool, error}``; ``delay_ms`` where the
#: mock has one, ``recorded`` where it is the answer to a recorded call (its index)
TOOL_ANSWERED = "tool.answered"
#: ``{set}``: variables and the values they were given; ``{skipped}``: what did not fit, and why
CONTEXT_SET = "context.set"
#: ``{signal}``
SIGNAL = "signal"
#: ``{node_id, failed}``: a node is finished; ``failed`` is why, or null
NODE_COMPLETED = "node.completed"
#: ``{edge_id, from, to, because, condition, seen, passed_over}``: the way taken, and why;
#: ``edge_id`` is null for the ways out of an approval
EDGE_TAKEN = "edge.taken"
#: ``{node_id, approver_role, deadline}``
APPROVAL_REQUESTED = "approval.requested"
#: ``{node_id, decision, note, by}``: approve or deny, by a ``person`` or the ``deadline``
APPROVAL_DECIDED = "approval.decided"
