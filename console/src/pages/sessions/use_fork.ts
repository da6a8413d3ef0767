import { useRef } from "react";
import { useIdempotencyKey } from "@/api/idempotency";
import type { Turn } from "@/transcript/turns";
import { useToasts } from "@/ui/toasts";
import { useFollow } from "@/ui/use_follow";
import { forkSession, type Session } from "./requests";

/** Return a function that forks a session behind a turn or an event, and opens the fork. */
export function useFork(session: Session) {
  const follow = useFollow();
  const { note, noteError } = useToasts();
  const isBusy = useRef(false);
  const key = useIdempotencyKey();
  return async (turn: Turn, sequence: number | null) => {
    const at = session.kind === "playground" ? turn.number : (sequence ?? turn.lastSequence);
    if (at === null) return;
    if (isBusy.current) {
      note({ text: "Another fork is being created." });
      return;
    }
    isBusy.current = true;
    try {
      const sessionId = await forkSession(session, at, key.of([session.id, at]));
      key.renew();
      note({ text: "This is the fork. Its origin did not change." });
      await follow({ to: "/sessions/$sessionId", params: { sessionId } });
    } catch (error) {
      noteError(error);
    } finally {
      isBusy.current = false;
    }
  };
}
