/**
 * State of the first visit: a load of sample data, or an import.
 *
 * It outlives the page, as the load does. The list shows the first visit until it is over, although
 * sessions arrive meanwhile.
 */
import { useSyncExternalStore } from "react";
import { storedKey, subscribeToKey } from "@/api/key";
import { Listeners } from "@/api/listeners";
import type { Samples } from "./samples";

type Load =
  /** Running: the entry that is loaded, and the share of those before it. */
  | { title: string; share: number }
  /** Ended by an error; the next load continues there. */
  | { error: unknown };
type State = { load: Load | null; isImporting: boolean };

let state: State = { load: null, isImporting: false };
const listeners = new Listeners();

function change(part: Partial<State>): void {
  state = { ...state, ...part };
  listeners.inform();
}

// Nothing of one key's organization is shown to the next key.
subscribeToKey(() => change({ load: null, isImporting: false }));

export const useFirstVisit = (): State => useSyncExternalStore(listeners.subscribe, () => state);

/** True while a load has not succeeded, or the import is open. */
export function useIsFirstVisitBusy(): boolean {
  const { load, isImporting } = useFirstVisit();
  return load !== null || isImporting;
}

export const setImporting = (isImporting: boolean): void => change({ isImporting });

/** Load the sample data; return the message of its end, or null if an error is shown. */
export async function load(): Promise<string | null> {
  change({ load: { title: "Reading", share: 0 } });
  const key = storedKey();
  try {
    const [{ loadSamples }, { sendSample }, { default: file }] = await Promise.all([
      import("./samples"),
      import("./send_sample"),
      import("./samples.json"),
    ]);
    const samples: Samples = file;
    const report = (title: string, number: number) => {
      if (storedKey() !== key) throw new Error("The load ends with its key.");
      change({ load: { title, share: number / samples.steps.length } });
    };
    const results = await loadSamples(samples, report, sendSample);
    change({ load: null });
    return results.includes("skipped")
      ? "The sample data is there, without what was deleted or changed since."
      : "The sample data is loaded.";
  } catch (error) {
    change({ load: storedKey() === key ? { error } : null });
    return null;
  }
}
