import { useQuery } from "@tanstack/react-query";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy";
import { Dialog } from "@/ui/dialog";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { JsonText } from "@/ui/texts";
import { exportSession, type Session } from "./requests";

/** Lines of the export that are shown; the rest is in the file. */
const SHOWN = 200;

/** The session and its events as the export has them. */
export function RawDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const { data, error, refetch } = useQuery({
    queryKey: ["raw", session.id],
    queryFn: async () => (await exportSession(session, "jsonl")).text(),
    staleTime: 0,
    gcTime: 0,
  });
  const lines = data?.trimEnd().split("\n") ?? [];
  const shown = lines.slice(0, SHOWN).map(indented).join("\n");
  return (
    <Dialog
      title="Raw JSON"
      description={
        lines.length > SHOWN
          ? `The session and its first ${SHOWN - 1} events of ${lines.length - 1}; Export has all.`
          : "The session, then its events."
      }
      isOpen
      wide
      onClose={onClose}
      actions={
        <>
          {data !== undefined && <CopyButton label="Copy" text={data} />}
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined ? (
        !error && <Skeleton height="20rem" />
      ) : (
        <JsonText value={shown} label="Raw JSON" />
      )}
    </Dialog>
  );
}

function indented(line: string): string {
  try {
    return JSON.stringify(JSON.parse(line), null, 2);
  } catch {
    return line;
  }
}
