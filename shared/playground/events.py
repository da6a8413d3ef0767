"""The types of the events in a playground session's log, and what their data holds.

Whoever reads transcripts relies on these names.
"""

#: ``{text}``
USER_MESSAGE = "user.message"
#: ``{node_id, type}``
NODE_ENTERED = "node.entered"
#: ``{text, node_id}``
ASSISTANT_MESSAGE = "assistant.message"
#: ``{tool_call_id, tool, arguments}``
TOOL_CALLED = "tool.called"
#: ``{tool_call_id, tool, output}`` or ``{tool_call_id, tool, error}``
TOOL_ANSWERED = "tool.answered"
#: ``{set}``: variables and the values they were given
CONTEXT_SET = "context.set"
#: ``{signal}``
SIGNAL = "signal"
#: ``{decision, note}``: approve or deny
APPROVAL_DECIDED = "approval.decided"
