import { useState } from "react";
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
      </div>
    </Dialog>
  );
}
