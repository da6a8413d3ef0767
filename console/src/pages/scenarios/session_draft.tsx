import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { $api, api, type Schema } from "@/api/client";
import type { Entry } from "@/transcript/turns";
import { buttonClasses } from "@/ui/button";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { Page } from "@/ui/page";
import { titleOf } from "../sessions/session_title";
import { align, textOfEntry } from "./alignment";
import { contentOfDraft } from "./content";
import { DraftEditor } from "./draft_editor";
import { LinksProvider } from "./links";
import { Legend } from "./marked";
import { countKinds, needlesOf } from "./marks";
import { Transcript } from "./transcript";
import { useTranscript } from "./use_transcript";
import { warningsOf } from "./warnings";

type Draft = Schema["ScenarioDraft"];

function useDraft(sessionId: string) {
  return useQuery({
    queryKey: ["draft from a session", sessionId],
    queryFn: async () => {
      const { data } = await api.POST("/v1/scenarios/draft-from-session", {
        body: { session_id: sessionId },
      });
      return data as Draft;
    },
    // The edited draft is not replaced by a new one; each visit drafts anew.
    enabled: ({ state }) => state.data === undefined,
    gcTime: 0,
  });
}

/** The captured transcript and its draft side by side. */
export function SessionDraft({ sessionId }: { sessionId: string }) {
  const session = $api.useQuery("get", "/v1/captured-sessions/{session_id}", {
    params: { path: { session_id: sessionId } },
  });
  const draft = useDraft(sessionId);
  const transcript = useTranscript(session.data);
  const error = draft.error ?? session.error;
  return (
    <Page
      title="Draft from a session"
      lead={
        <span className="row">
          <Link to="/sessions/$sessionId" params={{ sessionId }} dir="auto">
            {session.data ? titleOf(session.data) : sessionId}
          </Link>
          <span>Nothing is stored until you save it.</span>
        </span>
      }
      actions={
        <Link to="/scenarios/new" className={buttonClasses()}>
          Choose another session
        </Link>
      }
    >
      {error && (
        <ErrorNotice
          error={error}
          onRetry={() => void (draft.error ? draft.refetch() : session.refetch())}
        />
      )}
      {!draft.data && !error && <Skeleton height="70vh" />}
      {draft.data && (
        <SideBySide draft={draft.data} sessionId={sessionId} transcript={transcript} />
      )}
    </Page>
  );
}

type Props = {
  draft: Draft;
  sessionId: string;
  transcript: ReturnType<typeof useTranscript>;
};

function SideBySide({ draft, sessionId, transcript }: Props) {
  const { entries, query } = transcript;
  const initial = useMemo(() => contentOfDraft(draft), [draft]);
  const needles = useMemo(() => needlesOf(draft.replacements ?? []), [draft]);
  const { sources, recorded } = useMemo(
    () => align(entries, initial, needles),
    [entries, initial, needles],
  );
  const counts = useMemo(() => countKinds(entries.map(readable), recorded), [entries, recorded]);
  const isWhole = query.isSuccess && !query.hasNextPage;
  return (
    <LinksProvider sources={sources}>
      <div className="draft-columns">
        <section className="stack draft-left" aria-labelledby="transcript-heading">
          <h2 id="transcript-heading">Transcript</h2>
          <Legend counts={counts} label="Personal data in the transcript, by kind" />
          {query.error && <ErrorNotice error={query.error} onRetry={() => query.refetch()} />}
          {query.isPending ? (
            <Skeleton height="60vh" />
          ) : (
            <Transcript
              entries={entries}
              recorded={recorded}
              hasLater={query.hasNextPage}
              isLoading={query.isFetchingNextPage}
              onLater={() => void query.fetchNextPage()}
            />
          )}
        </section>
        <section className="stack" aria-labelledby="draft-heading">
          <h2 id="draft-heading">Draft</h2>
          <Warnings texts={warningsOf(draft, isWhole ? messagesOf(entries) : null)} />
          <DraftEditor draft={draft} initial={initial} needles={needles} session={sessionId} />
        </section>
      </div>
    </LinksProvider>
  );
}

const readable = (entry: Entry) =>
  entry.kind === "call"
    ? JSON.stringify([entry.call.args ?? null, entry.call.answer ?? null])
    : textOfEntry(entry);

const messagesOf = (entries: readonly Entry[]) =>
  entries.filter((entry) => entry.kind === "message" && entry.role === "user").length;

function Warnings({ texts }: { texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <div className="notice warn" role="note" aria-label="Warnings of the draft">
      <ul className="draft-warnings">
        {texts.map((text) => (
          <li key={text} dir="auto">
            {text}
          </li>
        ))}
      </ul>
    </div>
  );
}
