import { useNavigate } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { callsOf, type Turn } from "@/transcript/turns";
import { Addressed, useAddressed } from "@/ui/addressed";
import { Button } from "@/ui/button";
import { count, duration } from "@/ui/format";
import { type EventFilter, filterOf, isFiltering, TYPES } from "./filter";

type Props = {
  filter: EventFilter;
  /** Absent where nothing is followed. */
  isConnected?: boolean | undefined;
  turns: readonly Turn[];
  /** False if only a part of the session is loaded. */
  isWhole: boolean;
  onJump: (to: "start" | "end") => void;
  hasServerFilter?: boolean;
};

/** Search and filters of a timeline, the legend of its bars, and the state of the connection. */
export function TimelineBar(props: Props) {
  const { filter, isConnected, turns, isWhole, onJump, hasServerFilter } = props;
  return (
    <section className="timeline-bar" aria-label="Timeline controls">
      <div className="row">
        <h2>Timeline</h2>
        {isConnected !== undefined && <LiveDot isConnected={isConnected} />}
        <span className="small muted numbers">{sums(turns, isWhole)}</span>
        <div className="row push">
          <span className="legend small muted">
            <span className="swatch model" /> Model
            <span className="swatch tool" /> Tools
          </span>
          <Button compact onClick={() => onJump("start")}>
            First
          </Button>
          <Button compact onClick={() => onJump("end")}>
            Newest
          </Button>
        </div>
      </div>
      {hasServerFilter && <FilterForm filter={filter} tools={toolNames(turns)} />}
    </section>
  );
}

/** Tool calls and time of the loaded turns, in words. */
function sums(turns: readonly Turn[], isWhole: boolean): string {
  const calls = callsOf(turns).length;
  const time = turns.reduce((total, turn) => total + (turn.durationMs ?? 0), 0);
  const parts = [
    calls > 0 && (calls === 1 ? "1 tool call" : `${count(calls)} tool calls`),
    time > 0 && `${duration(time)} in turns`,
  ].filter((part) => part !== false);
  if (parts.length === 0) return "";
  return parts.join(", ") + (isWhole ? "" : " in the part that is loaded");
}

function toolNames(turns: readonly Turn[]): string[] {
  return [...new Set(callsOf(turns).map((call) => call.name))].sort();
}

function LiveDot({ isConnected }: { isConnected: boolean }) {
  return (
    <span className="live-dot small" role="status">
      <span className={isConnected ? "dot on" : "dot"} aria-hidden="true" />
      {isConnected ? "Live" : "Disconnected, retrying"}
    </span>
  );
}

function FilterForm({ filter, tools }: { filter: EventFilter; tools: readonly string[] }) {
  const navigate = useNavigate();
  const words = useAddressed(filter.q);
  function set(change: Partial<EventFilter>) {
    void navigate({
      to: ".",
      // Of the address as it is: another change may not be rendered yet.
      search: (now) => ({ ...filterOf(now), ...change }),
      replace: true,
      resetScroll: false,
    });
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    set({ q: words.submit() });
  }
  const names = filter.tool && !tools.includes(filter.tool) ? [filter.tool, ...tools] : tools;
  return (
    <form className="row" role="search" onSubmit={submit}>
      <input
        type="search"
        className="input"
        aria-label="Search in the session"
        placeholder="Search in the session"
        maxLength={400}
        value={words.value}
        onChange={(event) => words.write(event.target.value)}
        dir="auto"
      />
      <Button compact type="submit">
        Search
      </Button>
      <Addressed value={filter.types} onChange={(types) => set({ types })}>
        {(given) => (
          <select className="input" aria-label="Types of events" {...given}>
            {TYPES.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        )}
      </Addressed>
      {names.length > 0 && (
        <Addressed value={filter.tool} onChange={(tool) => set({ tool })}>
          {(given) => (
            <select className="input" aria-label="Tool" {...given}>
              <option value="">All tools</option>
              {names.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Addressed>
      )}
      {isFiltering(filter) && (
        <Button compact look="quiet" onClick={() => set({ q: "", types: "", tool: "" })}>
          Show all events
        </Button>
      )}
    </form>
  );
}
