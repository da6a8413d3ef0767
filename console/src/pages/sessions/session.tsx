import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { $api } from "@/api/client";
import { useHiddenIds } from "@/api/deletions";
import { ApiError } from "@/api/errors";
import { Empty, ErrorNotice, Skeleton } from "@/ui/notices";
import { Page } from "@/ui/page";
import { AgentSession } from "./agent_session";
import { EvaluationSession } from "./evaluation_session";
import { PlaygroundSession } from "./playground_session";
import type { Session } from "./requests";
import { SessionActions } from "./session_actions";
import { SessionFacts, SessionLead } from "./session_facts";
import { titleOf } from "./session_title";
import "./sessions.css";

/** Pause between two looks at a session that may change, in milliseconds. */
const REFRESH = 5_000;

/** A session of any kind: its facts, its timeline, and what can be done with it. */
export default function SessionPage() {
  const { sessionId = "" } = useParams({ strict: false });
  const hidden = useHiddenIds();
  const queries = useQueryClient();
  const query = $api.useQuery(
    "get",
    "/v1/captured-sessions/{session_id}",
    { params: { path: { session_id: sessionId } } },
    {
      refetchInterval: (state) => (isFinal(state.state.data) ? false : REFRESH),
      // The row of the list, so that the events are asked for at once.
      placeholderData: () => rowOf(queries, sessionId),
    },
  );
  const session = query.data;
  const isGone = query.error instanceof ApiError && query.error.status === 404;
  if (hidden.has(session?.id ?? "") || isGone) return <Gone />;
  if (session === undefined) {
    return (
      <Page title="Session">
        {query.error ? (
          <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height="70vh" />
        )}
      </Page>
    );
  }
  return (
    <Page
      title={titleOf(session)}
      lead={<SessionLead session={session} />}
      actions={<SessionActions session={session} />}
    >
      <SessionFacts session={session} />
      <Content session={session} onChange={() => void query.refetch()} />
    </Page>
  );
}

type ContentProps = { session: Session; onChange: () => void };

function Content(props: ContentProps) {
  const { session } = props;
  if (session.kind === "agent") return <AgentSession key={session.id} {...props} />;
  if (session.kind === "playground") return <PlaygroundSession key={session.id} {...props} />;
  return <EvaluationSession key={session.id} {...props} />;
}

/** Return a session as a list that was read has it. */
function rowOf(queries: QueryClient, sessionId: string): Session | undefined {
  const lists = queries.getQueriesData<{ pages: { items: Session[] }[] }>({
    queryKey: ["get", "/v1/captured-sessions"],
  });
  const rows = lists.flatMap(([, list]) => list?.pages.flatMap((page) => page.items) ?? []);
  return rows.find((session) => session.id === sessionId);
}

function Gone() {
  return (
    <Page title="Session">
      <Empty title="This session does not exist">
        <p>It was deleted, or it belongs to the organization of another key.</p>
        <Link to="/sessions">Go to the sessions</Link>
      </Empty>
    </Page>
  );
}

/** True if a session cannot change any more. */
function isFinal(session: Session | undefined): boolean {
  return session?.status === "completed" || session?.status === "failed";
}
