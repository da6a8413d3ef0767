"""Plain protocol: one request a turn, as docs/testing-agents.md has it."""

from shared.runs.targets.exchange import Exchange, check_text, no_answer, tokens_of
from shared.simulation.conversation import Said
from shared.simulation.target import TargetAnswer

#: Reason of a conversation that the agent ended.
AGENT_ENDED = "agent_ended"


def answer_by_http(exchange: Exchange) -> TargetAnswer:
    """Answer a turn; the agent calls its tools at the addresses of the world."""
    roles = {"user": "user", "agent": "assistant"}
    said = [
        {"role": roles[one.role], "content": one.text}
        for one in exchange.history
        if isinstance(one, Said)
    ]
    found = exchange.send(
        exchange.url,
        {
            "run_id": exchange.run_id,
            "simulation": exchange.number,
            "turn": exchange.turn,
            "message": exchange.message,
            "messages": [*said, {"role": "user", "content": exchange.message}],
            "world": exchange.world,
        },
    )
    text = found.get("message")
    if not isinstance(text, str):
        raise no_answer("message must be a text", retry=True)
    read, written = tokens_of(found.get("usage"))
    return TargetAnswer(
        text=check_text(text),
        end_reason=AGENT_ENDED if found.get("ended") is True else None,
        input_tokens=read,
        output_tokens=written,
    )
