import { wholeTime } from "@/ui/format";

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

/** The time of day of an event: its distance from others matters more than that from now. */
export function Clock({ value }: { value: string }) {
  return (
    <time dateTime={value} title={wholeTime(value)} className="numbers">
      {CLOCK.format(new Date(value))}
    </time>
  );
}
