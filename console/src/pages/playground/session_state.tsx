import { Link } from "@tanstack/react-router";
import { Badge } from "@/ui/badge";
import { Time } from "@/ui/time";
import type { Session } from "./data";

/** State of a session in words: awaiting approval, open or ended, its origin and its age. */
export function SessionState({ session }: { session: Session }) {
  return (
    <span className="row">
      <StateBadge session={session} />
      <span>
        {session.catalog_slug ? (
          <>
            Catalog workflow <code>{session.catalog_slug}</code>
          </>
        ) : (
          "Revision of a workflow"
        )}
      </span>
      <span>
        Opened <Time value={session.created_at} />
      </span>
      {session.forked_from && (
        <Link to="/playground/$sessionId" params={{ sessionId: session.forked_from.session_id }}>
          Fork of another session
        </Link>
      )}
    </span>
  );
}

type State = Pick<Session, "awaiting_approval" | "current_step_id" | "last_signal">;

export function StateBadge({ session }: { session: State }) {
  if (session.awaiting_approval) return <Badge tone="warn">Awaits approval</Badge>;
  if (session.current_step_id !== null) return <Badge tone="info">Open</Badge>;
  return <Badge tone="ok">{endText(session.last_signal)}</Badge>;
}

/** Text of an ended session's last signal. */
export function endText(signal: string | null): string {
  if (signal === "handoff") return "Handed off";
  if (signal === null || signal === "completed") return "Completed";
  return `Ended: ${signal.replaceAll("_", " ")}`;
}
