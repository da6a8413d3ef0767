import { useDeferredValue, useState } from "react";
import { $api, type Schema } from "@/api/client";
import { useHiddenIds } from "@/api/deletions";
import { CURSOR } from "@/api/pages";
import { Badge } from "@/ui/badge";
import { SelectField, TextField } from "@/ui/field";
import { LoadMore } from "@/ui/load_more";
import { Empty, ErrorNotice, Skeleton } from "@/ui/notices";
import { Time } from "@/ui/time";
import { KINDS } from "../sessions/list_filter";
import { titleOf } from "../sessions/session_title";

export type Session = Schema["CapturedSession"];
type Kind = Schema["SessionKind"];

/** Captured sessions, newest first, of which one is chosen. */
export function SessionPicker({ onChoose }: { onChoose: (session: Session) => void }) {
  const [kind, setKind] = useState<Kind | "">("");
  const [search, setSearch] = useState("");
  const words = useDeferredValue(search.trim());
  const sessions = $api.useInfiniteQuery(
    "get",
    "/v1/captured-sessions",
    {
      params: {
        query: { limit: 20, ...(kind && { kind: [kind] }), ...(words && { search: words }) },
      },
    },
    // What is found stays in place while more words are typed: it can be clicked.
    { ...CURSOR, placeholderData: (before) => before },
  );
  const hidden = useHiddenIds();
  const items = (sessions.data?.pages.flatMap((page) => page.items) ?? []).filter(
    (session) => !hidden.has(session.id),
  );
  return (
    <div className="stack">
      <search className="row scenario-filters">
        <TextField
          label="Search"
          type="search"
          dir="auto"
          maxLength={500}
          hint="Text in title, agent, preview, tag or id"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <SelectField
          label="Kind of session"
          hint="Of which sessions to choose"
          options={KINDS}
          value={kind}
          onChange={(event) => setKind(event.target.value as Kind | "")}
        />
      </search>
      {sessions.error && <ErrorNotice error={sessions.error} onRetry={() => sessions.refetch()} />}
      {sessions.isPending && <Skeleton height="20rem" />}
      {sessions.data && items.length === 0 && (
        <Empty title="No session">
          <p>{words || kind ? "Change the search." : "Capture or import a session first."}</p>
        </Empty>
      )}
      <ul className="stack session-choices">
        {items.map((session) => (
          <Choice key={session.id} session={session} onChoose={onChoose} />
        ))}
      </ul>
      <LoadMore pages={sessions} />
    </div>
  );
}

type ChoiceProps = { session: Session; onChoose: (session: Session) => void };

function Choice({ session, onChoose }: ChoiceProps) {
  const { kind, agent, workflow, created_at: created } = session;
  return (
    <li>
      <button type="button" className="session-choice" onClick={() => onChoose(session)}>
        <span className="session-title" dir="auto">
          {titleOf(session)}
        </span>
        <span className="row small muted">
          <Badge>{kind}</Badge>
          {(agent ?? workflow) && <bdi>{agent?.name ?? workflow?.name}</bdi>}
          <Time value={created} />
        </span>
      </button>
    </li>
  );
}
