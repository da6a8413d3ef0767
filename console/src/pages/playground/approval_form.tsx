import { Button } from "@/ui/button";
import { TextAreaField } from "@/ui/field";
import { wholeTime } from "@/ui/format";
import { ErrorNotice } from "@/ui/notices";
import type { Talk } from "./chat";
import type { TracedNode } from "./path";

/** The decision that the session awaits, with its deadline. */
export function ApprovalForm({
  name,
  awaited,
  talk: { starting, note, setNote },
}: {
  name: string;
  awaited: TracedNode | undefined;
  talk: Talk;
}) {
  const isBusy = starting.pending !== null;
  const deadline = awaited?.approval_deadline;
  async function decide(decision: "approve" | "deny") {
    if (await starting.start({ decision, ...(note.trim() && { note }) })) setNote("");
  }
  return (
    <div className="approval">
      <p>
        <strong>
          Decision needed: <bdi>{name}</bdi>
        </strong>
        <br />
        <span className="muted small">
          {awaited?.approver_role && (
            <>
              By the role <bdi>{awaited.approver_role}</bdi>.{" "}
            </>
          )}
          {deadline
            ? `Counts as denied after ${wholeTime(deadline)}.`
            : "The decision has no deadline."}
        </span>
      </p>
      {starting.error !== null && <ErrorNotice error={starting.error} />}
      <TextAreaField
        label="Reason (optional)"
        rows={2}
        maxLength={50_000}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <div className="row">
        <Button look="primary" busy={isBusy} onClick={() => decide("approve")}>
          Approve
        </Button>
        <Button look="danger" busy={isBusy} onClick={() => decide("deny")}>
          Deny
        </Button>
      </div>
    </div>
  );
}
