import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { Page } from "@/ui/page";
import { type Session, useGraph, useSession, useTrace } from "./data";
import { drawingOf } from "./drawing";
import "./playground.css";
import { SessionActions } from "./session_actions";
import { SessionState } from "./session_state";
import { Workspace } from "./workspace";

/** A playground session: the chat beside the graph that it runs. */
export default function SessionPage() {
  const { sessionId } = useParams({ from: "/playground/$sessionId" });
  const session = useSession(sessionId);
  if (session.error && !session.data)
    return (
      <Page title="Playground session">
        <ErrorNotice error={session.error} onRetry={() => void session.refetch()} />
      </Page>
    );
  return (
    <Page
      title={session.data?.graph.name ?? "Playground session"}
      lead={session.data ? <SessionState session={session.data} /> : "Loading"}
      actions={session.data && <SessionActions session={session.data} />}
    >
      {session.data ? (
        <Loaded key={sessionId} session={session.data} />
      ) : (
        <Skeleton height="calc(100dvh - 9rem)" />
      )}
    </Page>
  );
}

function Loaded({ session }: { session: Session }) {
  const graph = useGraph(session.session_id);
  const trace = useTrace(session.session_id);
  const navigate = useNavigate({ from: "/playground/$sessionId" });
  const search = useSearch({ from: "/playground/$sessionId" });
  const drawing = useMemo(() => drawingOf(graph.data?.compiled_graph), [graph.data]);
  // What is there stays while a later request fails, with the message that is being written.
  const error = (graph.data ? null : graph.error) ?? (trace.data ? null : trace.error);
  if (error)
    return (
      <ErrorNotice
        error={error}
        onRetry={() => {
          void graph.refetch();
          void trace.refetch();
        }}
      />
    );
  if (!graph.data || !trace.data || !drawing) return <Skeleton height="calc(100dvh - 9rem)" />;
  const latest = trace.data.at(-1)?.turn ?? 0;
  const asked = Number(search.turn);
  const turn = search.turn && asked >= 0 && asked < latest ? asked : latest;
  return (
    <Workspace
      session={session}
      graph={graph.data}
      drawing={drawing}
      turns={trace.data}
      turn={turn}
      search={search}
      onSearch={(change) =>
        void navigate({ search: (before) => ({ ...before, ...change }), replace: true })
      }
    />
  );
}
