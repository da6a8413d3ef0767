import { useState } from "react";
import { useMay } from "@/api/caller";
import { useIdempotencyKey } from "@/api/idempotency";
import { Message } from "@/transcript/message";
import { ToolCallCard } from "@/transcript/tool_call";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { duration } from "@/ui/format";
import { UserText } from "@/ui/texts";
import { useToasts } from "@/ui/toasts";
import { useFollow } from "@/ui/use_follow";
import { forkSession } from "../sessions/requests";
import type { TracedNode, Turn } from "./path";
import type { View } from "./workspace";

/** One turn of the conversation: its message or decision, and what the nodes said and called. */
export function ChatTurn({ turn, view }: { turn: Turn; view: View }) {
  const isSelected = turn.turn === view.turn;
  const latest = view.turns.at(-1)?.turn;
  return (
    <article className={isSelected ? "chat-turn selected" : "chat-turn"}>
      <header className="chat-turn-head">
        <h2 className="small">
          Turn {turn.turn} <span className="muted">{duration(turn.took_ms)}</span>
        </h2>
        <Button
          compact
          look="quiet"
          aria-pressed={isSelected}
          onClick={() =>
            view.onSearch({ turn: turn.turn === latest ? undefined : String(turn.turn) })
          }
        >
          Show its path
        </Button>
        <ForkButton session={view.session.session_id} turn={turn.turn} />
      </header>
      {turn.message && <Message role="user" text={turn.message} />}
      {turn.decision && <Decision turn={turn} />}
      {turn.nodes.map((node, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the nodes of a stored turn do not change.
        <NodeOutput key={index} node={node} />
      ))}
    </article>
  );
}

function Decision({ turn }: { turn: Turn }) {
  const isApproved = turn.decision === "approve";
  const decider = turn.decided_by === "deadline" ? "by the deadline" : "by a person";
  return (
    <div className="decision">
      <Badge tone={isApproved ? "ok" : "bad"}>{isApproved ? "Approved" : "Denied"}</Badge>{" "}
      <span className="muted small">{decider}</span>
      {turn.note && <UserText text={turn.note} />}
    </div>
  );
}

function NodeOutput({ node }: { node: TracedNode }) {
  return (
    <>
      {node.tools.map((tool) => (
        <ToolCallCard
          key={tool.tool_call_id}
          name={tool.tool}
          args={tool.arguments}
          answer={tool.error == null ? tool.output : undefined}
          error={tool.error ?? null}
          durationMs={tool.took_ms}
          facts={tool.matched && `Recorded answer, rule: ${tool.matched}`}
        />
      ))}
      {node.said.map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the texts of a stored turn do not change.
        <Message key={index} role="assistant" text={text} />
      ))}
      {node.failed && (
        <p className="small chat-failure">
          <Badge tone="bad">Failed</Badge> <bdi>{node.failed}</bdi>
        </p>
      )}
    </>
  );
}

function ForkButton({ session, turn }: { session: string; turn: number }) {
  const mayWrite = useMay("write");
  const follow = useFollow();
  const { note, noteError } = useToasts();
  const [isBusy, setBusy] = useState(false);
  const key = useIdempotencyKey();
  if (!mayWrite) return null;

  async function fork() {
    setBusy(true);
    try {
      const origin = { kind: "playground" as const, id: session };
      const sessionId = await forkSession(origin, turn, key.of([session, turn]));
      key.renew();
      note({ text: `This is a fork of the session after turn ${turn}.` });
      await follow({ to: "/playground/$sessionId", params: { sessionId } });
    } catch (error) {
      noteError(error);
    }
    setBusy(false);
  }

  return (
    <Button
      compact
      look="quiet"
      busy={isBusy}
      onClick={fork}
      aria-label={`Fork from here, after turn ${turn}`}
    >
      Fork from here
    </Button>
  );
}
