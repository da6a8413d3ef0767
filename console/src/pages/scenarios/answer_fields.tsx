import { SelectField, TextAreaField, TextField } from "@/ui/field";
import type { Answer } from "./world";

type Props = {
  answer: Answer;
  delayMs: number | null;
  /** A call may have the answer of its tool; a tool has its own. */
  mayBeTools?: boolean;
  fault: string | undefined;
  onChange: (change: { answer?: Answer; delayMs?: number | null }) => void;
};

/** Kind, JSON and delay of an answer. */
export function AnswerFields({ answer, delayMs, mayBeTools, fault, onChange }: Props) {
  const json = answer.kind === "tool" ? "{}" : answer.json;
  function choose(kind: string) {
    if (kind === "tool") onChange({ answer: { kind: "tool" } });
    else onChange({ answer: { kind: kind === "error" ? "error" : "output", json } });
  }
  return (
    <>
      <SelectField
        label="Response"
        options={[
          ["output", "Output"],
          ["error", "Error"],
          ["tool", mayBeTools ? "The answer of the tool" : "None"],
        ]}
        value={answer.kind}
        onChange={(event) => choose(event.target.value)}
      />
      {answer.kind !== "tool" && (
        <TextAreaField
          label={answer.kind === "error" ? "Error (JSON)" : "Output (JSON)"}
          className="input json-input"
          dir="ltr"
          spellCheck={false}
          rows={8}
          value={answer.json}
          fault={fault}
          onChange={(event) => onChange({ answer: { ...answer, json: event.target.value } })}
        />
      )}
      <TextField
        label="Delay in milliseconds"
        type="number"
        min={0}
        max={600_000}
        hint="Empty: the response comes at once."
        value={delayMs ?? ""}
        onChange={(event) =>
          onChange({ delayMs: event.target.value === "" ? null : Number(event.target.value) })
        }
      />
    </>
  );
}
