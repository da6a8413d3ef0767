/** Numbers and times as people read them. */

const COUNT = new Intl.NumberFormat("en");
const SHORT_COUNT = new Intl.NumberFormat("en", { notation: "compact" });
const WHOLE_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const AGO = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "narrow" });

/** 12345 → 12,345 */
export const count = (value: number) => COUNT.format(value);

/** 12345 → 12K */
export const shortCount = (value: number) => SHORT_COUNT.format(value);

/** US dollars: cents and below with as many digits as matter. */
export function cost(dollars: number): string {
  if (dollars === 0) return "$0";
  if (dollars >= 0.1) return `$${dollars.toFixed(2)}`;
  return `$${dollars.toPrecision(2)}`;
}

/** 0.5 → 50 % */
export const percent = (share: number) => `${Math.round(share * 100)} %`;

/** Milliseconds → 340 ms, 2.1 s, 3 min 5 s, 2 h 4 min */
export function duration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1_000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1_000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const wholeTime = (time: string) => WHOLE_TIME.format(new Date(time));

/** Time before `now` in the largest unit that fits; the date after a week. */
export function ago(time: string, now = Date.now()): string {
  const seconds = (new Date(time).getTime() - now) / 1_000;
  const size = Math.abs(seconds);
  if (size < 60) return AGO.format(Math.round(seconds), "second");
  if (size < 3_600) return AGO.format(Math.round(seconds / 60), "minute");
  if (size < 86_400) return AGO.format(Math.round(seconds / 3_600), "hour");
  if (size < 7 * 86_400) return AGO.format(Math.round(seconds / 86_400), "day");
  return new Date(time).toLocaleDateString(undefined, { dateStyle: "medium" });
}
