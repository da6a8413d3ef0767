import { useState } from "react";
import { $api } from "@/api/client";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { type Check, isSameCheck } from "./checks";
import { CheckName, CheckText } from "./checks_panel";
import { SessionPicker } from "./session_picker";

type Props = {
  scenarioId: string;
  /** Session that the scenario was drafted from, if the page knows it. */
  sessionId: string | null;
  known: readonly Check[];
  isBusy: boolean;
  onAccept: (checks: Check[]) => void;
};

/** Checks that a captured session passes, to accept one by one or all. */
export function SuggestedChecks({ sessionId: given, ...props }: Props) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [isChoosing, setChoosing] = useState(false);
  const sessionId = chosen ?? given;
  return (
    <section className="stack editor-section" aria-labelledby="suggested-heading">
      <h2 id="suggested-heading">Suggested checks</h2>
      <p className="muted small">
        What the captured session passes: the changes that its agent made, how it ended, what it
        kept to itself. They describe the recorded agent: change them where it was wrong.
      </p>
      {sessionId && <Suggestions {...props} sessionId={sessionId} />}
      <div>
        <Button onClick={() => setChoosing(true)}>
          {sessionId ? "Suggest from another session" : "Suggest from a session"}
        </Button>
      </div>
      <Dialog
        title="Suggest checks from a session"
        isOpen={isChoosing}
        wide
        onClose={() => setChoosing(false)}
        actions={<Button onClick={() => setChoosing(false)}>Cancel</Button>}
      >
        <SessionPicker
          onChoose={({ id }) => {
            setChosen(id);
            setChoosing(false);
          }}
        />
      </Dialog>
    </section>
  );
}

function Suggestions(props: Props & { sessionId: string }) {
  const { scenarioId, sessionId, known, isBusy, onAccept } = props;
  const { data, error, isPending, refetch } = $api.useQuery(
    "get",
    "/v1/scenarios/{scenario_id}/checks/suggested",
    { params: { path: { scenario_id: scenarioId }, query: { session_id: sessionId } } },
    { staleTime: Number.POSITIVE_INFINITY },
  );
  const open = (data?.checks ?? []).filter(
    (check) => !known.some((one) => isSameCheck(one, check)),
  );
  if (error) return <ErrorNotice error={error} onRetry={() => refetch()} />;
  if (isPending) return <Skeleton height="12rem" />;
  if (open.length === 0) {
    return (
      <p>{data?.checks.length === 0 ? "Nothing to suggest." : "All suggestions are accepted."}</p>
    );
  }
  return (
    <>
      <ul className="stack suggestions" aria-label="Suggestions">
        {open.map((check) => (
          <li key={JSON.stringify(check)} className="suggestion">
            <div>
              <CheckName check={check} />
            </div>
            <CheckText check={check} />
            <Button compact disabled={isBusy} onClick={() => onAccept([check])}>
              Accept
            </Button>
          </li>
        ))}
      </ul>
      <div>
        <Button look="primary" disabled={isBusy} onClick={() => onAccept(open)}>
          Accept all {open.length}
        </Button>
      </div>
    </>
  );
}
