import { useState } from "react";
import { useMay } from "@/api/caller";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { useToasts } from "@/ui/toasts";
import { CheckDialog } from "./check_dialog";
import { type Check, isSameCheck, nameOfCheck, sentenceOf } from "./checks";
import { Marked } from "./marked";
import { useChecks, useSetChecks } from "./stored";
import { SuggestedChecks } from "./suggested_checks";

type Props = { scenarioId: string; sessionId: string | null };

/** The checks of a scenario, each change of which is stored at once. */
export function ChecksPanel({ scenarioId, sessionId }: Props) {
  const { data, error, isPending, refetch } = useChecks(scenarioId);
  const { set, failure, isBusy, forget } = useCheckChanges(scenarioId, data?.etag ?? null);
  const [edited, setEdited] = useState<{ check: Check | null } | null>(null);
  const mayWrite = useMay("write");
  const checks = data?.checks ?? [];
  return (
    <div className="stack">
      <p className="muted small">
        Rules that decide each run without a model: the same result each time, at no cost.
      </p>
      {error && <ErrorNotice error={error} onRetry={() => refetch()} />}
      {failure !== null && edited === null && <ErrorNotice error={failure} />}
      {isPending && <Skeleton height="16rem" />}
      {data && checks.length === 0 && <p>No checks yet. Accept suggested ones, or add one.</p>}
      {checks.length > 0 && (
        <CheckTable
          checks={checks}
          mayWrite={mayWrite}
          isBusy={isBusy}
          onEdit={(check) => setEdited({ check })}
          onRemove={(index) => set(checks.toSpliced(index, 1), "The check is removed.", checks)}
        />
      )}
      {data && mayWrite && (
        <div>
          <Button onClick={() => setEdited({ check: null })}>Add a check</Button>
        </div>
      )}
      {data && (
        <SuggestedChecks
          scenarioId={scenarioId}
          sessionId={sessionId}
          known={checks}
          isBusy={isBusy || !mayWrite}
          onAccept={(accepted) =>
            set(
              [...checks, ...accepted],
              accepted.length === 1 ? "The check is added." : "The checks are added.",
            )
          }
        />
      )}
      {edited && (
        <CheckDialog
          check={edited.check}
          onClose={() => {
            setEdited(null);
            forget();
          }}
          onSave={async (check) => {
            const changed = replaced(checks, edited.check, check);
            if (changed === null) return new Error("The check was changed or removed meanwhile.");
            const error = await set(
              changed,
              edited.check ? "The check is changed." : "The check is added.",
            );
            if (error === null) setEdited(null);
            return error;
          }}
        />
      )}
    </div>
  );
}

/** Return the checks with one replaced, or added to them; null if it is no longer among them. */
function replaced(checks: readonly Check[], before: Check | null, now: Check): Check[] | null {
  if (before === null) return [...checks, now];
  const index = checks.findIndex((one) => isSameCheck(one, before));
  return index < 0 ? null : checks.toSpliced(index, 1, now);
}

/** Return a function that stores all checks, and returns the error or null. */
function useCheckChanges(scenarioId: string, etag: string | null) {
  const store = useSetChecks(scenarioId);
  const { note, noteError } = useToasts();
  const [failure, setFailure] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  async function set(checks: readonly Check[], text: string, before?: readonly Check[]) {
    setBusy(true);
    setFailure(null);
    try {
      const stored = await store(checks, etag);
      const undo = () => void store(before ?? [], stored.etag).catch(noteError);
      note({ text, ...(before && { action: { text: "Undo", onSelect: undo } }) });
      return null;
    } catch (error) {
      setFailure(error);
      return error;
    } finally {
      setBusy(false);
    }
  }
  return { set, failure, isBusy, forget: () => setFailure(null) };
}

type TableProps = {
  checks: readonly Check[];
  mayWrite: boolean;
  isBusy: boolean;
  onEdit: (check: Check) => void;
  onRemove: (index: number) => void;
};

function CheckTable({ checks, mayWrite, isBusy, onEdit, onRemove }: TableProps) {
  return (
    // The frame scrolls by keyboard.
    <div className="table-frame" role="region" aria-label="Checks" tabIndex={0}>
      <table className="table checks-table">
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col">Demands</th>
            {mayWrite && (
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {checks.map((check, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: checks have no ids, and may be equal
            <tr key={index}>
              <th scope="row">
                <CheckName check={check} />
              </th>
              <td>
                <CheckText check={check} />
              </td>
              {mayWrite && (
                <td>
                  <div className="row world-actions">
                    <Button
                      compact
                      aria-label={`Edit check ${index + 1}`}
                      onClick={() => onEdit(check)}
                    >
                      Edit
                    </Button>
                    <Button
                      compact
                      look="quiet"
                      disabled={isBusy}
                      aria-label={`Remove check ${index + 1}`}
                      onClick={() => onRemove(index)}
                    >
                      Remove
                    </Button>
                  </div>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function CheckName({ check }: { check: Check }) {
  return (
    <>
      {nameOfCheck(check)}
      <div>
        <Badge>{check.type}</Badge>
      </div>
    </>
  );
}

export function CheckText({ check }: { check: Check }) {
  return (
    <span className="check-text" dir="auto">
      <Marked text={sentenceOf(check).slice(0, 2_000)} needles={[]} />
    </span>
  );
}
