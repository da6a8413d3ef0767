"""Event types in the log of an agent session (the Everruns API)."""

INPUT_MESSAGE = "input.message"
OUTPUT_MESSAGE_STARTED = "output.message.started"
OUTPUT_MESSAGE_DELTA = "output.message.delta"
OUTPUT_MESSAGE_COMPLETED = "output.message.completed"
TURN_STARTED = "turn.started"
TURN_COMPLETED = "turn.completed"
TURN_FAILED = "turn.failed"
TURN_CANCELLED = "turn.cancelled"
REASON_STARTED = "reason.started"
REASON_COMPLETED = "reason.completed"
ACT_STARTED = "act.started"
ACT_COMPLETED = "act.completed"
TOOL_STARTED = "tool.started"
TOOL_CALL_REQUESTED = "tool.call_requested"
TOOL_COMPLETED = "tool.completed"
LLM_GENERATION = "llm.generation"
SESSION_STARTED = "session.started"
SESSION_ACTIVATED = "session.activated"
SESSION_IDLED = "session.idled"

#: Types that a client may filter by. Deltas are in streams only, thinking is nowhere; the start
#: of a session is in the log, for the instructions of an import.
EVENT_TYPES = frozenset(
    {
        INPUT_MESSAGE,
        OUTPUT_MESSAGE_STARTED,
        OUTPUT_MESSAGE_DELTA,
        OUTPUT_MESSAGE_COMPLETED,
        TURN_STARTED,
        TURN_COMPLETED,
        TURN_FAILED,
        TURN_CANCELLED,
        REASON_STARTED,
        REASON_COMPLETED,
        ACT_STARTED,
        ACT_COMPLETED,
        TOOL_STARTED,
        TOOL_CALL_REQUESTED,
        TOOL_COMPLETED,
        LLM_GENERATION,
        SESSION_STARTED,
        SESSION_ACTIVATED,
        SESSION_IDLED,
        "reason.thinking.started",
        "reason.thinking.delta",
        "reason.thinking.completed",
    }
)
