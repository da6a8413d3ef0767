import type { ReactNode } from "react";
import { ApiError } from "@/api/errors";
import { Button } from "./button";

/** An error with its cause, the next step, and the request id to search the logs for. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const failure = error instanceof ApiError ? error : null;
  return (
    <div className="notice bad" role="alert">
      <p>
        <strong>{error instanceof Error ? error.message : String(error)}</strong> {failure?.advice}
        {failure?.requestId && (
          <>
            {" "}
            <span className="small">
              Request id: <code>{failure.requestId}</code>
            </span>
          </>
        )}
      </p>
      {onRetry && <Button onClick={onRetry}>Retry</Button>}
    </div>
  );
}

/** A page or list without content, and what can be done about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** The place of content that is on its way: as high as the content, so that nothing moves. */
export function Skeleton({ height }: { height: string }) {
  return (
    <div role="status">
      <div className="skeleton" style={{ height }} />
      <span className="visually-hidden">Loading</span>
    </div>
  );
}
