import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useCaller, useMay } from "@/api/caller";
import { $api } from "@/api/client";
import { useHiddenIds } from "@/api/deletions";
import { CURSOR } from "@/api/pages";
import { Button } from "@/ui/button";
import { Empty, ErrorNotice, Skeleton } from "@/ui/notices";
import { Page } from "@/ui/page";
import { useIsFirstVisitBusy } from "../organization/first_visit_state";
import { isFilteringList, type ListFilter, listFilterOf, queryOf } from "./list_filter";
import { ListFilterForm } from "./list_filter_form";
import { SessionRow } from "./list_row";
import { NewSessionDialog } from "./new_session";
import type { Session } from "./requests";
import "./sessions.css";

/** Pause between two looks for new sessions, in milliseconds. */
const REFRESH = 8_000;

const FirstVisit = lazy(() => import("../organization/first_visit"));
const ImportDialog = lazy(async () => ({
  default: (await import("../organization/import_dialog")).ImportDialog,
}));

/** The sessions of all kinds, newest first. */
export default function SessionsPage() {
  const filter = listFilterOf(useSearch({ strict: false }));
  const sessions = useSessions(filter);
  const hidden = useHiddenIds();
  const caller = useCaller();
  // Until it is known, the place of the buttons is kept: nothing moves.
  const mayWrite = useMay("write") || !caller;
  const [isCreating, setCreating] = useState(false);
  const [isImporting, setImporting] = useState(false);
  const items = sessions.data?.pages.flatMap((page) => page.items) ?? [];
  const shown = items.filter((session) => !hidden.has(session.id));
  const isEmpty = sessions.data !== undefined && shown.length === 0 && !sessions.hasNextPage;
  const isVisitBusy = useIsFirstVisitBusy();
  const isFirstVisit = isVisitBusy || (isEmpty && !isFilteringList(filter));
  return (
    <Page
      title="Sessions"
      lead="Agent, playground and evaluation sessions, newest first."
      actions={
        mayWrite && (
          <>
            {!isFirstVisit && (
              <Button disabled={!caller} onClick={() => setImporting(true)}>
                Import
              </Button>
            )}
            <Button look="primary" disabled={!caller} onClick={() => setCreating(true)}>
              New session
            </Button>
          </>
        )
      }
    >
      {!isFirstVisit && <ListFilterForm filter={filter} />}
      {sessions.error && (
        <ErrorNotice error={sessions.error} onRetry={() => void sessions.refetch()} />
      )}
      {sessions.isPending && <Skeleton height="60vh" />}
      {isFirstVisit && (
        <Suspense fallback={<Skeleton height="16rem" />}>
          <FirstVisit />
        </Suspense>
      )}
      {isEmpty && !isFirstVisit && <NoMatch />}
      {shown.length > 0 && !isFirstVisit && <SessionsTable sessions={shown} mayWrite={mayWrite} />}
      {sessions.hasNextPage && (
        <div className="row">
          <Button busy={sessions.isFetchingNextPage} onClick={() => void sessions.fetchNextPage()}>
            Load more
          </Button>
          {shown.length === 0 && <span className="muted small">No match so far.</span>}
        </div>
      )}
      {isImporting && (
        <Suspense>
          <ImportDialog
            isOpen
            onClose={() => setImporting(false)}
            onImported={() => void sessions.refetch()}
          />
        </Suspense>
      )}
      {isCreating && <NewSessionDialog onClose={() => setCreating(false)} />}
    </Page>
  );
}

/** Pages of sessions; asked again for new ones while only the first page is read. */
function useSessions(filter: ListFilter) {
  return $api.useInfiniteQuery(
    "get",
    "/v1/captured-sessions",
    { params: { query: { limit: 50, ...queryOf(filter) } } },
    {
      ...CURSOR,
      refetchOnWindowFocus: "always",
      refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : REFRESH),
    },
  );
}

function NoMatch() {
  const navigate = useNavigate();
  return (
    <Empty title="No session matches">
      <Button onClick={() => void navigate({ to: "/sessions" })}>Show all sessions</Button>
    </Empty>
  );
}

function SessionsTable({ sessions, mayWrite }: { sessions: Session[]; mayWrite: boolean }) {
  return (
    <div className="table-frame">
      <table className="table sessions-table">
        <caption className="visually-hidden">Sessions, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Session</th>
            <th scope="col">Status</th>
            <th scope="col" className="wide">
              With
            </th>
            <th scope="col" className="number wide">
              Turns
            </th>
            <th scope="col" className="number wide">
              Tokens
            </th>
            <th scope="col" className="number wide">
              Cost
            </th>
            <th scope="col">Created</th>
            {mayWrite && (
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} mayWrite={mayWrite} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
