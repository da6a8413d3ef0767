import { useId, useState } from "react";
import { Clock } from "@/transcript/clock";
import type { RawEvent } from "@/transcript/turns";
import { Button } from "@/ui/button";
import { count } from "@/ui/format";
import { JsonText } from "@/ui/texts";

/** Events that are added at once. */
const STEP = 25;

type Props = {
  events: readonly RawEvent[];
  isOpen: boolean;
  onToggle: (isOpen: boolean) => void;
  selected: string | null;
};

/** Events that people seldom read: one line, and on demand each of them with its data. */
export function FurtherEvents({ events, isOpen, onToggle, selected }: Props) {
  const id = useId();
  const place = events.findIndex((event) => event.id === selected);
  const [shown, setShown] = useState(STEP);
  // The selected one comes first in view, however many precede it.
  const first = place >= STEP ? place - 5 : 0;
  const visible = isOpen ? events.slice(first, first + shown) : [];
  return (
    <div className="further">
      <button
        type="button"
        className="tool-call-head small muted"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => onToggle(!isOpen)}
      >
        <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span>
        {events.length === 1 ? "1 further event" : `${count(events.length)} further events`}
        {!isOpen && <span className="tool-preview">{names(events)}</span>}
      </button>
      <ul id={id} hidden={!isOpen}>
        {visible.map((event) => (
          <li key={event.id}>
            <details open={event.id === selected}>
              <summary className="small">
                {event.sequence !== null && <span className="muted">#{event.sequence} </span>}
                <code dir="auto">{event.type}</code>{" "}
                <span className="muted">
                  <Clock value={event.at} />
                </span>
              </summary>
              <JsonText value={event.data} label={`Data of ${event.type}`} />
            </details>
          </li>
        ))}
      </ul>
      {isOpen && first + shown < events.length && (
        <Button compact onClick={() => setShown(shown + STEP)}>
          Show {STEP} more
        </Button>
      )}
    </div>
  );
}

function names(events: readonly RawEvent[]): string {
  return [...new Set(events.slice(0, 40).map((event) => event.type))].join(", ");
}
