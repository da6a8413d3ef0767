import { ago, wholeTime } from "./format";

/** A time as its distance from now; the whole time as a tooltip. */
export function Time({ value }: { value: string }) {
  return (
    <time dateTime={value} title={wholeTime(value)}>
      {ago(value)}
    </time>
  );
}
