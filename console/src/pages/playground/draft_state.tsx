import { Badge } from "@/ui/badge";
import { ErrorNotice } from "@/ui/notices";
import type { Draft } from "./use_draft";

/** State of the text in words: not JSON, invalid, valid, or not yet known. */
export function DraftState({ draft }: { draft: Draft }) {
  const { syntaxError, validation, validationError } = draft;
  if (syntaxError !== null)
    return (
      <p className="draft-state" role="status">
        <Badge tone="bad">Not JSON</Badge> <bdi className="small">{syntaxError}</bdi>
      </p>
    );
  if (validationError)
    return <ErrorNotice error={validationError} onRetry={() => void draft.validate()} />;
  if (!validation)
    return (
      <p className="draft-state muted" role="status">
        Validating…
      </p>
    );
  const { valid, error_count, warning_count, suggestion_count } = validation;
  return (
    <p className="draft-state" role="status">
      {valid ? <Badge tone="ok">Valid</Badge> : <Badge tone="bad">Invalid</Badge>}{" "}
      <span className="small">
        {error_count} errors, {warning_count} warnings, {suggestion_count} suggestions
      </span>
    </p>
  );
}
