import { Link, useNavigate } from "@tanstack/react-router";
import { useMay } from "@/api/caller";
import { useDelete } from "@/api/deletions";
import { Button, buttonClasses } from "@/ui/button";
import { deleteSession } from "../sessions/requests";
import type { Session } from "./data";

/** Links to the recorded session and to a scenario of it, and the delete. */
export function SessionActions({ session }: { session: Session }) {
  const mayWrite = useMay("write");
  const navigate = useNavigate();
  const remove = useDelete();
  const id = session.session_id;
  return (
    <>
      <Link to="/sessions/$sessionId" params={{ sessionId: id }} className={buttonClasses()}>
        Record and export
      </Link>
      {mayWrite && (
        <>
          <Link to="/scenarios/new" search={{ session: id }} className={buttonClasses()}>
            Create a scenario
          </Link>
          <Button
            look="danger"
            onClick={() => {
              remove(id, "The session", (isLeaving) =>
                deleteSession({ kind: "playground", id }, isLeaving),
              );
              void navigate({ to: "/playground" });
            }}
          >
            Delete
          </Button>
        </>
      )}
    </>
  );
}
