import { $api } from "@/api/client";
import { CURSOR } from "@/api/pages";
import { agentTurns } from "@/transcript/agent_turns";
import { Message } from "@/transcript/message";
import { playgroundTurns } from "@/transcript/playground_turns";
import { ToolCallCard } from "@/transcript/tool_call";
import type { Entry } from "@/transcript/turns";
import { LoadMore } from "@/ui/load_more";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { UserText } from "@/ui/texts";
import { sessionIdOf } from "./links";
import { type Mark, marksOf } from "./marks";
import { OutcomeBadge } from "./progress";
import type { Simulation } from "./simulation";

type Props = { simulation: Simulation; isLive: boolean };

/** The words of both sides and the calls of the agent, with the checks that an event decided. */
export function Conversation({ simulation, isLive }: Props) {
  const sessionId = sessionIdOf(simulation);
  return (
    <section className="panel" aria-labelledby="conversation-title">
      <header>
        <h2 id="conversation-title">Conversation</h2>
      </header>
      <div className="body stack">
        {sessionId === null && <p className="muted">The conversation has not begun.</p>}
        {sessionId !== null &&
          (simulation.session_kind === "playground" ? (
            <PlaygroundConversation {...{ simulation, sessionId, isLive }} />
          ) : (
            <AgentConversation {...{ simulation, sessionId, isLive }} />
          ))}
      </div>
    </section>
  );
}

type OfSession = Props & { sessionId: string };

function AgentConversation({ simulation, sessionId, isLive }: OfSession) {
  const events = $api.useInfiniteQuery(
    "get",
    "/v1/sessions/{session_id}/events",
    { params: { path: { session_id: sessionId }, query: { limit: 200 } } },
    { ...CURSOR, refetchInterval: isLive && 3_000 },
  );
  const loaded = events.data?.pages.flatMap((page) => page.data) ?? [];
  const entries = agentTurns(loaded).flatMap((turn) => turn.entries);
  return <Entries simulation={simulation} entries={entries} query={events} />;
}

function PlaygroundConversation({ simulation, sessionId, isLive }: OfSession) {
  const trace = $api.useInfiniteQuery(
    "get",
    "/v1/workflow/playground/sessions/{session_id}/trace",
    { params: { path: { session_id: sessionId } } },
    { ...CURSOR, refetchInterval: isLive && 3_000 },
  );
  const loaded = trace.data?.pages.flatMap((page) => page.items) ?? [];
  const entries = playgroundTurns(loaded).flatMap((turn) => turn.entries);
  return <Entries simulation={simulation} entries={entries} query={trace} />;
}

type Query = {
  error: unknown;
  isPending: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  refetch: () => unknown;
  fetchNextPage: () => unknown;
};

function Entries({
  simulation,
  entries,
  query,
}: {
  simulation: Simulation;
  entries: readonly Entry[];
  query: Query;
}) {
  const marks = marksOf(simulation);
  const shown = entries.filter((entry) => entry.kind !== "events");
  return (
    <>
      {query.error != null && <ErrorNotice error={query.error} onRetry={() => query.refetch()} />}
      {query.isPending && <Skeleton height="20rem" />}
      <ol className="stack conversation">
        {shown.map((entry) => (
          <li key={entry.id} className="stack">
            <EntryOf entry={entry} />
            <Marks marks={entry.sequences.flatMap((sequence) => marks.get(sequence) ?? [])} />
          </li>
        ))}
      </ol>
      <LoadMore pages={query} />
    </>
  );
}

function EntryOf({ entry }: { entry: Entry }) {
  switch (entry.kind) {
    case "message":
      return <Message role={entry.role} parts={entry.parts} time={entry.at} />;
    case "call": {
      const { name, args, answer, error, durationMs, status, matched } = entry.call;
      return (
        <ToolCallCard
          name={name}
          args={args}
          {...(answer !== undefined && { answer })}
          error={error}
          durationMs={durationMs}
          status={status}
          time={entry.at}
          facts={matched && <span>Recorded answer, matched: {matched}</span>}
        />
      );
    }
    case "problem":
      return (
        <div className="notice bad">
          <div>
            <strong>{entry.title}</strong>
            {entry.text && <UserText text={entry.text} />}
          </div>
        </div>
      );
    default:
      return null;
  }
}

function Marks({ marks }: { marks: readonly Mark[] }) {
  if (marks.length === 0) return null;
  return (
    <ul className="marks small">
      {marks.map(({ outcome, text }) => (
        <li key={text} className="mark">
          <OutcomeBadge outcome={outcome} />
          <UserText text={text} />
        </li>
      ))}
    </ul>
  );
}
