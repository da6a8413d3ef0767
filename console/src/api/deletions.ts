/**
 * Deletions with time to undo them: the API is asked when the time is over, or when the page is
 * left. Until then the item is only hidden.
 */
import { useSyncExternalStore } from "react";
import { useToasts } from "@/ui/toasts";
import { Listeners } from "./listeners";

/** Time to undo a deletion, in milliseconds. */
const UNDO_TIME = 8_000;

type Deletion = { run: (isLeaving: boolean) => Promise<unknown>; timer: number };

const waiting = new Map<string, Deletion>();
let hidden: ReadonlySet<string> = new Set();
const listeners = new Listeners();

function setHidden(change: (ids: Set<string>) => void): void {
  const ids = new Set(hidden);
  change(ids);
  hidden = ids;
  listeners.inform();
}

/** Send the requests of all deletions now: with the page or its key, the time to undo ends. */
export function finishDeletions(): void {
  for (const [id, deletion] of waiting) {
    waiting.delete(id);
    clearTimeout(deletion.timer);
    void deletion.run(true).catch(() => undefined);
  }
}

window.addEventListener("pagehide", finishDeletions);

/** Ids of what is deleted or about to be: lists leave them out. */
export function useHiddenIds(): ReadonlySet<string> {
  return useSyncExternalStore(listeners.subscribe, () => hidden);
}

/**
 * Return a function that deletes after the time to undo.
 *
 * `run` sends the request; it is told whether the page is being left, for `keepalive`. If it
 * fails, the item is shown again with the error.
 */
export function useDelete() {
  const { note, noteError, close } = useToasts();
  return (id: string, name: string, run: Deletion["run"]) => {
    setHidden((ids) => ids.add(id));
    const undo = () => {
      clearTimeout(waiting.get(id)?.timer);
      if (waiting.delete(id)) setHidden((ids) => ids.delete(id));
    };
    const timer = window.setTimeout(async () => {
      waiting.delete(id);
      // A message that is pointed at stays longer.
      close(message);
      try {
        await run(false);
      } catch (error) {
        setHidden((ids) => ids.delete(id));
        noteError(error);
      }
    }, UNDO_TIME);
    waiting.set(id, { run, timer });
    const message = note({
      text: `${name} is deleted.`,
      action: { text: "Undo", onSelect: undo },
      duration: UNDO_TIME - 500,
    });
  };
}
