import { Link } from "@tanstack/react-router";
import { Clock } from "@/transcript/clock";
import { Message } from "@/transcript/message";
import { ToolCallCard } from "@/transcript/tool_call";
import type { Entry, Turn } from "@/transcript/turns";
import { Button } from "@/ui/button";
import { UserText } from "@/ui/texts";
import { FurtherEvents } from "./further_events";

type Props = {
  turn: Turn;
  entry: Entry;
  isOpen: boolean;
  onToggle: (isOpen: boolean) => void;
  /** Id of the event that the page's URL selects, if the entry shows it. */
  selectedEvent: string | null;
  onFork: ((turn: Turn, sequence: number | null) => void) | undefined;
};

/** One entry of a turn. */
export function EntryView({ turn, entry, isOpen, onToggle, selectedEvent, onFork }: Props) {
  switch (entry.kind) {
    case "message":
      return <MessageEntry turn={turn} entry={entry} onFork={onFork} />;
    case "call": {
      const { call } = entry;
      return (
        <ToolCallCard
          name={call.name}
          args={call.args}
          {...(call.answer !== undefined && { answer: call.answer })}
          error={call.error}
          durationMs={call.durationMs}
          status={call.status}
          time={entry.at}
          facts={
            <>
              {call.matched && <span>Recorded answer, matched: {call.matched}</span>}
              <EntryLink entry={entry} />
            </>
          }
          isOpen={isOpen}
          onToggle={onToggle}
        />
      );
    }
    case "problem":
      return (
        <div className="notice bad">
          <div className="problem">
            <p className="row small">
              <strong>{entry.title}</strong>
              <span>
                <Clock value={entry.at} />
              </span>
              <EntryLink entry={entry} />
            </p>
            {entry.text && <UserText text={entry.text} />}
          </div>
        </div>
      );
    default:
      return (
        <FurtherEvents
          events={entry.events}
          isOpen={isOpen}
          onToggle={onToggle}
          selected={selectedEvent}
        />
      );
  }
}

type MessageProps = Pick<Props, "turn" | "onFork"> & { entry: Entry & { kind: "message" } };

function MessageEntry({ turn, entry, onFork }: MessageProps) {
  const sequence = entry.sequences[0] ?? null;
  return (
    <Message
      role={entry.role}
      parts={entry.parts}
      time={entry.at}
      facts={entry.model && `Model ${entry.model}`}
      actions={
        <>
          {onFork && turn.lastSequence !== null && sequence !== null && (
            <Button
              compact
              look="quiet"
              aria-label={`Fork after event ${sequence}`}
              onClick={() => onFork(turn, sequence)}
            >
              Fork
            </Button>
          )}
          <EntryLink entry={entry} />
        </>
      }
    >
      {entry.thinking && (
        <details>
          <summary className="small muted">Reasoning</summary>
          <UserText text={entry.thinking} />
        </details>
      )}
    </Message>
  );
}

/** The address of an entry: its number in the log, or a sign. */
function EntryLink({ entry }: { entry: Entry }) {
  const sequence = entry.sequences[0];
  return (
    <Link
      to="."
      search={{ event: entry.id }}
      replace
      resetScroll={false}
      className="entry-link small"
      aria-label={sequence === undefined ? "Link to this entry" : `Link to event ${sequence}`}
    >
      #{sequence ?? ""}
    </Link>
  );
}
