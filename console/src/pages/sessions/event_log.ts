/**
 * The loaded part of an agent session's log: successive events, of which only so many are kept
 * that the page's memory has a limit, whatever the length of the log.
 */
import type { Schema } from "@/api/client";
import { Listeners } from "@/api/listeners";

type AgentEvent = Schema["Event"];

/** Events of one request, and those that are kept at most; bytes as JSON, about. */
export const PAGE = 300;
const MAX_EVENTS = 3_000;
const MAX_BYTES = 24_000_000;

/** Range and order of one request; the filter is the reader's. */
export type Range = {
  limit: number;
  after_sequence?: number;
  before_sequence?: number;
  cursor?: string;
};
type ReadEvents = (range: Range) => Promise<Schema["ListResponse_Event"]>;

type Part = { events: AgentEvent[]; bytes: number };

type LogState = {
  events: readonly AgentEvent[];
  hasEarlier: boolean;
  hasLater: boolean;
  isLoading: boolean;
  error: unknown;
};

const EMPTY: LogState = {
  events: [],
  hasEarlier: false,
  hasLater: false,
  isLoading: true,
  error: null,
};

export class EventLog {
  state: LogState = EMPTY;
  private parts: Part[] = [];
  /** Cursor of a filtered log's next page. */
  private cursor: string | undefined;
  private opening = 0;
  /** Sequence of the newest event that the session is known to have. */
  private newest = 0;
  private readonly listeners = new Listeners();
  private readonly read: ReadEvents;
  private readonly isFiltered: boolean;

  constructor(read: ReadEvents, isFiltered: boolean) {
    this.read = read;
    this.isFiltered = isFiltered;
  }

  subscribe = this.listeners.subscribe;

  snapshot = () => this.state;

  /** Load the part around a sequence, or the newest one with null; the first of a filtered log. */
  async open(sequence: number | null): Promise<void> {
    this.opening += 1;
    const opening = this.opening;
    const after = sequence === null ? null : Math.max(0, sequence - PAGE / 2);
    await this.load(async () => {
      const isNewest = after === null && !this.isFiltered;
      const page = await this.read({
        limit: PAGE,
        ...(!isNewest && { after_sequence: after ?? 0 }),
      });
      if (opening !== this.opening) return;
      this.parts = [partOf(page.data)];
      this.cursor = page.next_cursor ?? undefined;
      const hasLater = !isNewest && (page.next_cursor != null || page.data.length >= PAGE);
      this.publish({ hasLater, hasEarlier: this.beginsLater() });
    });
  }

  loadEarlier = async (): Promise<void> => {
    const first = this.state.events[0]?.sequence;
    if (!this.state.hasEarlier || this.state.isLoading || first == null) return;
    await this.load(async () => {
      const opening = this.opening;
      const page = await this.read({ limit: PAGE, before_sequence: first });
      if (opening !== this.opening) return;
      this.parts.unshift(partOf(page.data));
      const wasCut = this.trim("end");
      const hasEarlier = page.data.length > 0 && this.beginsLater();
      this.publish({ hasEarlier, ...(wasCut && { hasLater: true }) });
    });
  };

  loadLater = async (): Promise<void> => {
    const last = this.state.events.at(-1)?.sequence;
    if (!this.state.hasLater || this.state.isLoading || last == null) return;
    await this.load(async () => {
      const opening = this.opening;
      const page = await this.read({
        limit: PAGE,
        ...(this.isFiltered && this.cursor
          ? { cursor: this.cursor, after_sequence: 0 }
          : { after_sequence: last }),
      });
      if (opening !== this.opening) return;
      this.cursor = page.next_cursor ?? undefined;
      this.parts.push(partOf(page.data));
      const wasCut = this.trim("start");
      const hasLater = page.next_cursor != null || page.data.length >= PAGE;
      this.publish({ hasLater, ...(wasCut && { hasEarlier: !this.isFiltered }) });
    });
  };

  /** Add new events of the session behind the loaded ones, if those reach its end. */
  append(events: readonly AgentEvent[]): void {
    const { hasLater, error } = this.state;
    const last = this.state.events.at(-1)?.sequence ?? 0;
    const added = events.filter((event) => (event.sequence ?? 0) > last);
    this.newest = Math.max(this.newest, added.at(-1)?.sequence ?? 0);
    if (this.isFiltered || added.length === 0) return;
    // A gap would hide events: those between are read when the end is scrolled to.
    if (hasLater || error !== null || (added[0]?.sequence ?? 0) > last + 1) {
      this.publish({ hasLater: true });
      return;
    }
    this.parts.push(partOf(added));
    const wasCut = this.trim("start");
    this.publish(wasCut ? { hasEarlier: true } : {});
  }

  private beginsLater(): boolean {
    return !this.isFiltered && (this.parts[0]?.events[0]?.sequence ?? 1) > 1;
  }

  private async load(work: () => Promise<void>): Promise<void> {
    const { opening } = this;
    let error: unknown = null;
    this.publish({ isLoading: true, error });
    try {
      await work();
    } catch (failure) {
      error = failure;
    }
    // Another part was opened meanwhile: its own load ends the wait.
    if (opening === this.opening) this.publish({ isLoading: false, error });
  }

  /** Drop parts of one side until the rest has a permitted size; true if any was dropped. */
  private trim(side: "start" | "end"): boolean {
    let wasCut = false;
    while (this.parts.length > 2 && this.isTooLarge()) {
      if (side === "start") this.parts.shift();
      else this.parts.pop();
      wasCut = true;
    }
    return wasCut;
  }

  private isTooLarge(): boolean {
    const sum = (number: (part: Part) => number) =>
      this.parts.reduce((total, part) => total + number(part), 0);
    return sum((part) => part.events.length) > MAX_EVENTS || sum((part) => part.bytes) > MAX_BYTES;
  }

  private publish(change: Partial<LogState>): void {
    const events = this.parts.flatMap((part) => part.events);
    // A request may have been answered before an event that came meanwhile.
    const isBehind = !this.isFiltered && (events.at(-1)?.sequence ?? 0) < this.newest;
    if (isBehind && change.hasLater === false) change.hasLater = true;
    const isSame = events.length === this.state.events.length && events[0] === this.state.events[0];
    this.state = { ...this.state, ...change, events: isSame ? this.state.events : events };
    this.listeners.inform();
  }
}

function partOf(events: readonly AgentEvent[]): Part {
  const bytes = events.reduce((sum, event) => sum + JSON.stringify(event.data).length, 0);
  return { events: [...events], bytes };
}

/** Return the sequence that an event's id contains; null for any other text. */
export function sequenceOf(eventId: string): number | null {
  const digits = /^event_([0-9a-f]{32})$/.exec(eventId)?.[1];
  if (digits === undefined) return null;
  const number = BigInt(`0x${digits}`);
  return Number((((number >> 64n) & 0xfffn) << 20n) | ((number >> 42n) & 0xfffffn));
}
