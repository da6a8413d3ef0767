import { useSyncExternalStore } from "react";
import { ago, wholeTime } from "./format";

/** Milliseconds after which the distances of shown times are checked. */
const TICK = 10_000;

function subscribe(check: () => void): () => void {
  const timer = setInterval(check, TICK);
  return () => clearInterval(timer);
}

/** A time as its distance from now, which is kept up to date; the whole time as a tooltip. */
export function Time({ value }: { value: string }) {
  const distance = useSyncExternalStore(subscribe, () => ago(value));
  return (
    <time dateTime={value} title={wholeTime(value)}>
      {distance}
    </time>
  );
}
