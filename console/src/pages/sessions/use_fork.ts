import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import type { Turn } from "@/transcript/turns";
import { useToasts } from "@/ui/toasts";
import { forkSession, type Session } from "./requests";

/** Return a function that forks a session behind a turn or an event, and opens the fork. */
export function useFork(session: Session) {
  const navigate = useNavigate();
  const { note, noteError } = useToasts();
  const isBusy = useRef(false);
  return async (turn: Turn, sequence: number | null) => {
    const at = session.kind === "playground" ? turn.number : (sequence ?? turn.lastSequence);
    if (at === null || isBusy.current) return;
    isBusy.current = true;
    try {
      const sessionId = await forkSession(session, at);
      note({ text: "This is the fork. Its origin did not change." });
      await navigate({ to: "/sessions/$sessionId", params: { sessionId } });
    } catch (error) {
      noteError(error);
    } finally {
      isBusy.current = false;
    }
  };
}
