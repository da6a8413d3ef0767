import type { Virtualizer } from "@tanstack/react-virtual";
import { memo, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Message } from "@/transcript/message";
import { longest, type Turn } from "@/transcript/turns";
import { VirtualList } from "@/ui/virtual_list";
import { EntryView } from "./entry_view";
import type { Target } from "./filter";
import { indexOf, type Row, rowsOf } from "./timeline_rows";
import { TurnLine } from "./turn_line";

/** The place to scroll to; another object scrolls again. */
export type Place = { at: "start" | "end" | Target };

type Props = {
  turns: readonly Turn[];
  /** Text that is being written; null without one. */
  live?: string | null;
  hasEarlier?: boolean;
  hasLater: boolean;
  isLoading: boolean;
  onEarlier?: () => void;
  onLater: () => void;
  place: Place;
  /** Fork at a turn or entry; absent where that cannot be. */
  onFork?: ((turn: Turn, sequence: number | null) => void) | undefined;
};

/** Turns with their entries, of which only the visible ones are in the page. */
export function Timeline(props: Props) {
  const { turns, live = null, hasEarlier, hasLater, isLoading, onEarlier, onLater, place } = props;
  const rows = useMemo(() => rowsOf(turns, live), [turns, live]);
  const axis = useMemo(() => longest(turns), [turns]);
  const [list, setList] = useState<Virtualizer<HTMLDivElement, Element> | null>(null);
  const [opened, setOpened] = useState<ReadonlyMap<string, boolean>>(new Map());
  const selected = typeof place.at === "object" ? indexOf(rows, place.at) : -1;
  const isPlaced = usePlace(list, rows, place, selected, isLoading);
  const earlier = useCallback(() => {
    if (isPlaced && hasEarlier) onEarlier?.();
  }, [isPlaced, hasEarlier, onEarlier]);
  const later = useCallback(() => {
    if (isPlaced && hasLater) onLater();
  }, [isPlaced, hasLater, onLater]);
  const toggle = useCallback((key: string, isOpen: boolean) => {
    setOpened((keys) => new Map(keys).set(key, isOpen));
  }, []);
  return (
    <div className="timeline panel" aria-busy={isLoading}>
      <VirtualList
        label="Timeline"
        items={rows}
        keyOf={(row) => row.key}
        estimate={56}
        height="100%"
        isLog
        onReady={setList}
        onStart={earlier}
        onEnd={later}
      >
        {(row, index) => (
          <div className={index === selected ? "timeline-row selected" : "timeline-row"}>
            <RowView
              row={row}
              axis={axis}
              isSelected={index === selected}
              // What a link selects is open until it is closed.
              isOpen={opened.get(row.key) ?? index === selected}
              onToggle={toggle}
              selectedEvent={typeof place.at === "object" ? place.at.event : null}
              onFork={props.onFork}
            />
          </div>
        )}
      </VirtualList>
    </div>
  );
}

/** Frames without a change of the offset after which a list stands still. */
const STILL = 3;
/** Frames after which a place counts as reached, whatever the list does. */
const MAX_FRAMES = 120;

/**
 * Scroll to a new place as soon as its row is there; true once the list stands still there.
 *
 * Until then no further rows may be read: the list aims at an index, which rows before it change.
 */
function usePlace(
  list: Virtualizer<HTMLDivElement, Element> | null,
  rows: readonly Row[],
  place: Place,
  selected: number,
  isLoading: boolean,
): boolean {
  const [placed, setPlaced] = useState<Place | null>(null);
  const last = rows.length - 1;
  useEffect(() => {
    if (placed === place || list === null || isLoading || last < 0) return;
    if (place.at === "end") list.scrollToIndex(last, { align: "end" });
    else if (place.at === "start") list.scrollToIndex(0, { align: "start" });
    else if (selected >= 0) list.scrollToIndex(selected, { align: "center" });
    return whenStill(list, () => setPlaced(place));
  }, [list, last, place, placed, selected, isLoading]);
  return placed === place;
}

/** Call `done` when the list stands still; returns the end of the wait. */
function whenStill(list: Virtualizer<HTMLDivElement, Element>, done: () => void): () => void {
  let offset = list.scrollOffset;
  let still = 0;
  let frames = 0;
  let request = requestAnimationFrame(function look() {
    frames += 1;
    still = list.scrollOffset === offset ? still + 1 : 0;
    offset = list.scrollOffset;
    if (still >= STILL || frames >= MAX_FRAMES) done();
    else request = requestAnimationFrame(look);
  });
  return () => cancelAnimationFrame(request);
}

type RowProps = {
  row: Row;
  axis: number;
  isSelected: boolean;
  isOpen: boolean;
  onToggle: (key: string, isOpen: boolean) => void;
  selectedEvent: string | null;
  onFork: Props["onFork"];
};

/** Drawn anew only if it changes: scrolling draws each frame. */
const RowView = memo(function RowView(props: RowProps) {
  const { row, axis, isSelected, isOpen, onToggle, selectedEvent, onFork } = props;
  const frame = useRef<HTMLDivElement>(null);
  if (row.kind === "turn") return <TurnLine turn={row.turn} axis={axis} onFork={onFork} />;
  if (row.kind === "live") return <Message role="assistant" text={row.text} isLive />;
  const toggle = (open: boolean) => {
    onToggle(row.key, open);
    // At the end of a log, what grows moves up: the opened entry stays visible.
    if (open) requestAnimationFrame(() => frame.current?.scrollIntoView({ block: "nearest" }));
  };
  return (
    <div ref={frame}>
      <EntryView
        turn={row.turn}
        entry={row.entry}
        isOpen={isOpen}
        onToggle={toggle}
        selectedEvent={isSelected ? selectedEvent : null}
        onFork={onFork}
      />
    </div>
  );
});
