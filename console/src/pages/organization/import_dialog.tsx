import { Link } from "@tanstack/react-router";
import { type ChangeEvent, useId, useState } from "react";
import { Button, buttonClasses } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextAreaField, TextField } from "@/ui/field";
import { type Imported, type ImportReport, importAll, type Kind } from "./import";
import { readImport } from "./import_lines";

type Props = { isOpen: boolean; onClose: () => void; onImported: () => void };

const EXAMPLE = '{"id": "call-1", "messages": [{"role": "user", "content": "Where is my order?"}]}';
/** Links and faults that are shown, at most. */
const SHOWN = 5;

/** The form that imports conversations; `onImported` is called when sessions were stored. */
export function ImportDialog({ isOpen, ...rest }: Props) {
  // Mounted anew each time it is opened.
  return isOpen ? <OpenDialog {...rest} /> : null;
}

function OpenDialog({ onClose, onImported }: Omit<Props, "isOpen">) {
  const form = useId();
  const [text, setText] = useState("");
  const [kind, setKind] = useState<Kind>("agent");
  const [version, setVersion] = useState("");
  const [progress, setProgress] = useState<string | null>(null);
  const [report, setReport] = useState<ImportReport | null>(null);

  async function submit() {
    setReport(null);
    setProgress("Reading");
    const lines = await readImport(text);
    const done = await importAll(lines, kind, version, setProgress);
    setProgress(null);
    setReport(done);
    if (done.imported.length > 0) onImported();
  }

  return (
    <Dialog
      title="Import conversations"
      description="Conversations of another system become sessions."
      isOpen
      onClose={onClose}
      actions={
        <>
          <span className="muted small" role="status">
            {progress}
          </span>
          <Button onClick={onClose}>Close</Button>
          <Button
            type="submit"
            form={form}
            look="primary"
            busy={progress !== null}
            disabled={!text.trim()}
          >
            Import
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div aria-live="polite">{report && <Report report={report} onClose={onClose} />}</div>
        <FileField onText={setText} />
        <TextAreaField
          label="Conversations"
          required
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder={EXAMPLE}
          hint="One JSON value, or one a line: messages of OpenAI, Anthropic, Bedrock, LangChain, the AI SDK, OpenTelemetry, exported sessions, and others."
        />
        <KindFields kind={kind} onKind={setKind} version={version} onVersion={setVersion} />
      </form>
    </Dialog>
  );
}

function KindFields(given: {
  kind: Kind;
  onKind: (kind: Kind) => void;
  version: string;
  onVersion: (version: string) => void;
}) {
  return (
    <>
      <SelectField
        label="Import as"
        value={given.kind}
        options={[
          ["agent", "Agent sessions"],
          ["evaluation", "Evaluation sessions"],
        ]}
        onChange={(event) => given.onKind(event.target.value as Kind)}
      />
      {given.kind === "evaluation" && (
        <TextField
          label="Version"
          maxLength={255}
          value={given.version}
          onChange={(event) => given.onVersion(event.target.value)}
          hint="Name of the product's version to which the sessions belong."
        />
      )}
    </>
  );
}

function FileField({ onText }: { onText: (text: string) => void }) {
  async function read(event: ChangeEvent<HTMLInputElement>) {
    const files = [...(event.target.files ?? [])];
    onText((await Promise.all(files.map((file) => file.text()))).join("\n"));
  }
  return (
    <TextField
      label="Files"
      type="file"
      multiple
      accept=".json,.jsonl,.ndjson,.txt,application/json"
      onChange={read}
      hint="Files are read in this tab; their content appears below. Or paste it there."
    />
  );
}

function Report({ report, onClose }: { report: ImportReport; onClose: () => void }) {
  const { imported, faults } = report;
  return (
    <div className="stack">
      {imported.length > 0 && (
        <div className="notice">
          <div className="stack" style={{ gap: "0.4rem" }}>
            <p>
              <strong>{sentence(imported)}</strong>
            </p>
            <ul className="row">
              {imported.slice(0, SHOWN).map((one) => (
                <li key={one.sessionId}>
                  <Link
                    to="/sessions/$sessionId"
                    params={{ sessionId: one.sessionId }}
                    className={buttonClasses({ compact: true })}
                    onClick={onClose}
                  >
                    <bdi>Open {one.id}</bdi>
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        </div>
      )}
      {faults.length > 0 && (
        <div className="notice bad" role="alert">
          <ul>
            {faults.slice(0, SHOWN).map((fault) => (
              <li key={`${fault.line}-${fault.message}`} dir="auto">
                Line {fault.line}: {fault.message}
              </li>
            ))}
            {faults.length > SHOWN && <li>{faults.length - SHOWN} further lines were refused.</li>}
          </ul>
        </div>
      )}
    </div>
  );
}

function sentence(imported: readonly Imported[]): string {
  const before = imported.filter((one) => one.existed).length;
  const all =
    imported.length === 1 ? "1 session is imported" : `${imported.length} sessions are imported`;
  return before ? `${all}, ${before} of them by an earlier import.` : `${all}.`;
}
