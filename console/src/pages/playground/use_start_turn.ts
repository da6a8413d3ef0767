import { useState } from "react";
import { useIdempotencyKey } from "@/api/idempotency";
import { type Command, startTurn, useRefresh } from "./data";

/**
 * A turn that is being started: `pending` is its message or decision, `error` the reason why the
 * last one failed. The same command is repeated under the same key, so that it runs once.
 */
export function useStartTurn(id: string) {
  const [pending, setPending] = useState<Command | null>(null);
  const [error, setError] = useState<unknown>(null);
  const key = useIdempotencyKey();
  const refresh = useRefresh(id);

  /** Return whether the turn was stored. */
  async function start(command: Command): Promise<boolean> {
    setPending(command);
    setError(null);
    try {
      await startTurn(id, command, key.of(command));
      key.renew();
      await refresh();
      return true;
    } catch (failure) {
      setError(failure);
      void refresh();
      return false;
    } finally {
      setPending(null);
    }
  }

  return { pending, error, start };
}
