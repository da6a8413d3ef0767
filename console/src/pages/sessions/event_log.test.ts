import { describe, expect, test } from "vitest";
import type { Schema } from "@/api/client";
import { EventLog, PAGE, type Range, sequenceOf } from "./event_log";

type Event = Schema["Event"];

function event(sequence: number, size = 10): Event {
  const data = { text: "x".repeat(size) };
  const ts = "2026-01-01T00:00:00Z";
  return { id: `e${sequence}`, sequence, ts, data, type: "a", context: {}, session_id: "s" };
}

/** A log of so many events, as the API reads it. */
function reader(length: number, size = 10) {
  const requests: Range[] = [];
  async function read(range: Range) {
    requests.push(range);
    const all = Array.from({ length }, (_, index) => event(index + 1, size));
    const before = all.slice(0, (range.before_sequence ?? length + 1) - 1);
    if (range.after_sequence === undefined) return { data: before.slice(-range.limit) };
    const behind = before.slice(range.after_sequence, range.after_sequence + range.limit);
    return { data: behind };
  }
  return { read, requests };
}

const range = (log: EventLog) => [log.state.events[0]?.sequence, log.state.events.at(-1)?.sequence];

describe("the loaded part of a log", () => {
  test("opens at the newest events with one request, and goes back by pages", async () => {
    const { read, requests } = reader(10_000);
    const log = new EventLog(read, false);
    await log.open(null);
    expect(requests).toHaveLength(1);
    expect(range(log)).toEqual([9_701, 10_000]);
    expect(log.state).toMatchObject({ hasEarlier: true, hasLater: false, isLoading: false });
    await log.loadEarlier();
    expect(range(log)).toEqual([9_401, 10_000]);
  });

  test("opens around an event", async () => {
    const log = new EventLog(reader(10_000).read, false);
    await log.open(5_000);
    expect(range(log)).toEqual([4_851, 5_150]);
    expect(log.state).toMatchObject({ hasEarlier: true, hasLater: true });
  });

  test("keeps a limited number of events, without a gap", async () => {
    const log = new EventLog(reader(10_000).read, false);
    await log.open(null);
    for (let page = 0; page < 40; page += 1) await log.loadEarlier();
    expect(log.state.events.length).toBeLessThanOrEqual(3_000);
    expect(range(log)[0]).toBe(1);
    expect(log.state).toMatchObject({ hasEarlier: false, hasLater: true });
    for (let page = 0; page < 40; page += 1) await log.loadLater();
    expect(range(log)[1]).toBe(10_000);
    const sequences = log.state.events.map((one) => one.sequence ?? 0);
    expect(sequences.every((one, index) => one === (sequences[0] ?? 0) + index)).toBe(true);
  });

  test("keeps a limited number of bytes", async () => {
    const log = new EventLog(reader(3_000, 30_000).read, false);
    await log.open(null);
    for (let page = 0; page < 9; page += 1) await log.loadEarlier();
    expect(log.state.events.length * 30_000).toBeLessThan(25_000_000);
  });

  test("new events are added at the end, once, and not behind a gap", async () => {
    const log = new EventLog(reader(10).read, false);
    await log.open(null);
    log.append([event(10), event(11)]);
    log.append([event(11)]);
    expect(range(log)).toEqual([1, 11]);
    log.append([event(14)]);
    expect(range(log)).toEqual([1, 11]);
    expect(log.state.hasLater).toBe(true);
  });

  test("an answer for a part that was left does not end the load of the next one", async () => {
    const { read } = reader(10_000);
    const waiting: (() => void)[] = [];
    const log = new EventLog(async (one) => {
      const page = await read(one);
      await new Promise<void>((answer) => waiting.push(answer));
      return page;
    }, false);
    const settle = () => new Promise((done) => setTimeout(done));
    const first = log.open(5_000);
    await settle();
    const second = log.open(0);
    await settle();
    waiting[0]?.();
    await first;
    expect(log.state).toMatchObject({ isLoading: true, events: [] });
    waiting[1]?.();
    await second;
    expect(log.state.isLoading).toBe(false);
    expect(range(log)).toEqual([1, PAGE]);
  });

  test("an error keeps what is loaded", async () => {
    const { read } = reader(PAGE * 2);
    let isDown = false;
    const log = new EventLog(
      (one) => (isDown ? Promise.reject(new Error("down")) : read(one)),
      false,
    );
    await log.open(null);
    isDown = true;
    await log.loadEarlier();
    expect(log.state.error).toBeInstanceOf(Error);
    expect(log.state.events).toHaveLength(PAGE);
    isDown = false;
    await log.loadEarlier();
    expect(log.state).toMatchObject({ error: null, hasEarlier: false });
  });
});

test("an event's id has its sequence", () => {
  expect(sequenceOf("event_019ca8bbb5c08000800009f12e66960e")).toBe(2);
  expect(sequenceOf("turn-1")).toBeNull();
});
