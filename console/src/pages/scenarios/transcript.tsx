import { memo } from "react";
import { Message } from "@/transcript/message";
import { joinedText } from "@/transcript/parts";
import type { Entry } from "@/transcript/turns";
import { Button } from "@/ui/button";
import { Time } from "@/ui/time";
import { useLinks } from "./links";
import { MarkedText } from "./marked";
import type { Needle } from "./marks";

type Props = {
  entries: readonly Entry[];
  /** Recorded values that the draft has replaced. */
  recorded: readonly Needle[];
  hasLater: boolean;
  isLoading: boolean;
  onLater: () => void;
};

/** The captured conversation beside its draft, with the recorded values marked. */
export function Transcript({ entries, recorded, hasLater, isLoading, onLater }: Props) {
  return (
    <section className="draft-transcript" aria-label="Captured transcript" tabIndex={0}>
      <ol className="stack draft-entries">
        {entries.map((entry) => (
          <LinkedEntry key={entry.id} entry={entry} recorded={recorded} />
        ))}
      </ol>
      {hasLater && (
        <Button busy={isLoading} onClick={onLater}>
          Load more of the transcript
        </Button>
      )}
    </section>
  );
}

function LinkedEntry({ entry, recorded }: { entry: Entry; recorded: readonly Needle[] }) {
  const { isEntryLit, pointAtEntry } = useLinks();
  return (
    <li
      data-entry={entry.id}
      className={`link-part ${isEntryLit(entry.id) ? "lit" : ""}`}
      tabIndex={-1}
      onPointerEnter={() => pointAtEntry(entry.id)}
      onPointerLeave={() => pointAtEntry(null)}
      onFocus={() => pointAtEntry(entry.id)}
    >
      <EntryContent entry={entry} recorded={recorded} />
    </li>
  );
}

type ContentProps = { entry: Entry; recorded: readonly Needle[] };

/** Not drawn anew when an entry lights up. */
const EntryContent = memo(({ entry, recorded }: ContentProps) => {
  switch (entry.kind) {
    case "message":
      return (
        <Message
          role={entry.role}
          parts={entry.parts.filter((part) => part.type === "image")}
          time={entry.at}
          actions={<PlaceButton entry={entry} />}
        >
          <MarkedText
            text={joinedText(entry.parts.filter((part) => part.type === "text"))}
            needles={recorded}
          />
        </Message>
      );
    case "call":
      return <CallEntry entry={entry} recorded={recorded} />;
    case "problem":
      return (
        <div className="notice bad">
          <strong>{entry.title}</strong>
          <MarkedText text={entry.text} needles={recorded} />
        </div>
      );
    default:
      return null;
  }
});

function CallEntry({
  entry,
  recorded,
}: {
  entry: Entry & { kind: "call" };
  recorded: readonly Needle[];
}) {
  const { call } = entry;
  return (
    <article className="tool-call draft-call" aria-label="Tool call">
      <header className="row small">
        <code className="tool-name" dir="auto">
          {call.name}
        </code>
        <span className="muted">
          <Time value={entry.at} />
        </span>
        <span className="push">
          <PlaceButton entry={entry} />
        </span>
      </header>
      <MarkedText isCode text={textOf(call.args ?? {})} needles={recorded} />
      {call.error !== null ? (
        <>
          <p className="small">Error</p>
          <MarkedText isCode text={call.error} needles={recorded} />
        </>
      ) : (
        <details>
          <summary className="small">Answer</summary>
          <MarkedText isCode text={textOf(call.answer)} needles={recorded} />
        </details>
      )}
    </article>
  );
}

function textOf(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value, null, 2) ?? "No answer yet";
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}

function PlaceButton({ entry }: { entry: Entry }) {
  const { hasPlace, showPlaceOf } = useLinks();
  if (!hasPlace(entry.id)) return null;
  return (
    <Button
      compact
      look="quiet"
      aria-label="Show this in the draft"
      onClick={() => showPlaceOf(entry.id)}
    >
      In the draft
    </Button>
  );
}
