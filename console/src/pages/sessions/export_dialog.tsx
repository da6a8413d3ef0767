import { useState } from "react";
import { ApiError } from "@/api/errors";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy";
import { Dialog } from "@/ui/dialog";
import { SelectField } from "@/ui/field";
import { ErrorNotice } from "@/ui/notices";
import { saveFile } from "@/ui/save_file";
import {
  exportCurl,
  exportSession,
  FORMATS,
  type Format,
  fileName,
  type Session,
} from "./requests";

/** Download of a session in a form that an import reads. */
export function ExportDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const [format, setFormat] = useState<Format>("jsonl");
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  async function download() {
    setBusy(true);
    setError(null);
    try {
      saveFile(await exportSession(session, format), fileName(session.id, format));
      onClose();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }
  // Above 5.5 MB the API answers with a link to the stack's bucket, another address.
  const isElsewhere = error instanceof ApiError && error.status === 0;
  return (
    <Dialog
      title="Export the session"
      description="The file can be imported again."
      isOpen
      onClose={onClose}
      actions={
        <>
          <CopyButton label="Copy as curl" text={() => exportCurl(session, format)} />
          <Button look="primary" busy={isBusy} onClick={() => void download()}>
            Download
          </Button>
        </>
      }
    >
      <div className="stack">
        <SelectField
          label="Format"
          value={format}
          options={FORMATS}
          onChange={(event) => setFormat(event.target.value as Format)}
        />
        {error !== null && <ErrorNotice error={error} />}
        {isElsewhere && (
          <p className="small">
            An export of more than 5.5 MB comes from the stack's bucket, which pages may not read:
            use the curl command.
          </p>
        )}
      </div>
    </Dialog>
  );
}
