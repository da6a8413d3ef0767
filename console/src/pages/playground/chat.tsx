import { useEffect, useRef, useState } from "react";
import { useMay } from "@/api/caller";
import { Message } from "@/transcript/message";
import { Button } from "@/ui/button";
import { type MessageForm, useMessageForm } from "@/ui/message_form";
import { Empty } from "@/ui/notices";
import { UserText } from "@/ui/texts";
import { ApprovalForm } from "./approval_form";
import { ChatTurn } from "./chat_turn";
import { Composer } from "./composer";
import { useTakesMessages } from "./data";
import { endText } from "./session_state";
import { useStartTurn } from "./use_start_turn";
import type { View } from "./workspace";

/** Turns that are shown at first; earlier ones on request. */
const SHOWN = 100;

export type Talk = {
  starting: ReturnType<typeof useStartTurn>;
  form: MessageForm;
  /** Reason of a decision. */
  note: string;
  setNote: (note: string) => void;
};

/** What is written and sent. It belongs to the page: a chat that is not shown has no state. */
export function useTalk(id: string): Talk {
  const starting = useStartTurn(id);
  const form = useMessageForm((message) => starting.start({ message }), useTakesMessages(id));
  const [note, setNote] = useState("");
  return { starting, form, note, setNote };
}

type Props = { view: View; live: string; talk: Talk };

/** The conversation, and what continues it: a message or a decision. */
export function Chat({ view, live, talk }: Props) {
  const { turns } = view;
  const { starting } = talk;
  const [shown, setShown] = useState(SHOWN);
  const frame = useRef<HTMLDivElement>(null);
  const pending = starting.pending;
  const last = turns.at(-1)?.turn;
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when the conversation grows.
  useEffect(() => {
    frame.current?.scrollTo({ top: frame.current.scrollHeight });
  }, [last, pending, live]);
  const first = Math.max(0, turns.length - shown);
  return (
    <section className="chat panel" aria-label="Chat">
      <div className="chat-turns" ref={frame} tabIndex={0} role="log" aria-label="Conversation">
        {first > 0 && (
          <Button compact onClick={() => setShown(shown + SHOWN)}>
            Show {Math.min(SHOWN, first)} earlier turns
          </Button>
        )}
        {turns.length === 0 && !pending && <Beginning />}
        {turns.slice(first).map((turn) => (
          <ChatTurn key={turn.turn} turn={turn} view={view} />
        ))}
        {pending && "message" in pending && <Message role="user" text={pending.message} />}
        {(pending || live) && <Message role="assistant" isLive text={live} />}
      </div>
      <footer className="chat-end">
        <End view={view} talk={talk} />
      </footer>
    </section>
  );
}

function Beginning() {
  return (
    <Empty title="No turn yet">
      <p>Send a message: the workflow starts at its first node, and the graph shows its way.</p>
    </Empty>
  );
}

function End({ view: { session, turns, drawing }, talk }: { view: View; talk: Talk }) {
  const mayWrite = useMay("write");
  const { starting, form } = talk;
  if (session.current_step_id === null)
    return (
      <>
        <p>
          <strong>{endText(session.last_signal)}.</strong>{" "}
          <span className="muted">
            The session takes no more messages. Fork it at a turn to try another way.
          </span>
        </p>
        {!form.isEmpty && !form.isBusy && (
          <div role="status">
            <p className="muted small">Not sent:</p>
            <UserText text={form.text} />
          </div>
        )}
      </>
    );
  if (!mayWrite) return <p className="muted">The key may read, and not send messages.</p>;
  if (session.awaiting_approval) {
    const node = drawing.nodes.find((one) => one.id === session.current_step_id);
    const awaited = turns.at(-1)?.nodes.at(-1);
    return <ApprovalForm name={node?.name ?? ""} awaited={awaited} talk={talk} />;
  }
  return <Composer form={form} error={starting.error} />;
}
