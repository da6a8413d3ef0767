import { Link } from "@tanstack/react-router";
import { type ChangeEvent, useState } from "react";
import { Button, buttonClasses } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextAreaField, TextField } from "@/ui/field";
import { type Imported, type ImportReport, importAll, type Kind } from "./import";
import { readImport } from "./import_lines";

type Props = { isOpen: boolean; onClose: () => void; onImported: () => void };

/** Links and faults that are shown, at most. */
const SHOWN = 5;

/** The form that imports conversations; `onImported` is called when sessions were stored. */
export function ImportDialog({ isOpen, onClose, onImported }: Props) {
  return (
    <Dialog
      title="Import conversations"
      description="Conversations of another system become sessions, with their messages and tool calls."
      isOpen={isOpen}
      onClose={onClose}
    >
      {/* Mounted anew each time it is opened. */}
      {isOpen && <Form onClose={onClose} onImported={onImported} />}
    </Dialog>
  );
}

function Form({ onClose, onImported }: Omit<Props, "isOpen">) {
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
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <FileField onText={setText} />
      <TextAreaField
        label="Conversations"
        rows={8}
        required
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder='{"id": "call-1", "messages": [{"role": "user", "content": "Where is my order?"}]}'
        hint="One JSON value, or one a line: messages of OpenAI, Anthropic, Bedrock, LangChain, the AI SDK, OpenTelemetry, exports of this console, and others."
      />
      <SelectField
        label="Import as"
        value={kind}
        options={[
          ["agent", "Agent sessions"],
          ["evaluation", "Evaluation sessions"],
        ]}
        onChange={(event) => setKind(event.target.value as Kind)}
      />
      {kind === "evaluation" && (
        <TextField
          label="Version"
          maxLength={255}
          value={version}
          onChange={(event) => setVersion(event.target.value)}
          hint="Name of the product's version to which the sessions belong."
        />
      )}
      <div aria-live="polite">{report && <Report report={report} onClose={onClose} />}</div>
      <div className="row">
        <span className="muted small push" role="status">
          {progress}
        </span>
        <Button onClick={onClose}>Close</Button>
        <Button type="submit" look="primary" busy={progress !== null} disabled={!text.trim()}>
          Import
        </Button>
      </div>
    </form>
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
  const count = `${imported.length} ${imported.length === 1 ? "session is" : "sessions are"} there`;
  return before ? `${count}, ${before} of them from an earlier import.` : `${count}.`;
}
