import { useState } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextAreaField } from "@/ui/field";
import { AnswerFields } from "./answer_fields";
import { type Answer, faultOfJson, type WorldCall } from "./world";

type Props = {
  toolName: string;
  call: WorldCall;
  isNew: boolean;
  onClose: () => void;
  onSave: (call: WorldCall) => void;
};

/** One call of the mock world: the arguments that match, and the response. */
export function CallDialog({ toolName, call, isNew, onClose, onSave }: Props) {
  const [edited, setEdited] = useState(call);
  const [isTried, setTried] = useState(false);
  const argsFault = edited.args === null ? undefined : faultOfJson(edited.args);
  const answerFault = faultOfAnswer(edited.answer);
  function save() {
    setTried(true);
    if (!argsFault && !answerFault) onSave(edited);
  }
  return (
    <Dialog
      title={isNew ? "Add a call" : "Edit the call"}
      description={<bdi>{toolName}</bdi>}
      isOpen
      wide
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" onClick={save}>
            Apply
          </Button>
        </>
      }
    >
      <div className="stack">
        <SelectField
          label="Matches"
          options={[
            ["these", "These arguments"],
            ["any", "Any arguments that no other call has"],
          ]}
          value={edited.args === null ? "any" : "these"}
          onChange={(event) =>
            setEdited({
              ...edited,
              args: event.target.value === "any" ? null : (call.args ?? "{}"),
            })
          }
        />
        {edited.args !== null && (
          <TextAreaField
            label="Arguments (JSON)"
            className="input json-input"
            dir="ltr"
            spellCheck={false}
            rows={6}
            value={edited.args}
            fault={isTried ? argsFault : undefined}
            onChange={(event) => setEdited({ ...edited, args: event.target.value })}
          />
        )}
        <AnswerFields
          answer={edited.answer}
          delayMs={edited.delayMs}
          mayBeTools
          fault={isTried ? answerFault : undefined}
          onChange={(change) => setEdited({ ...edited, ...change })}
        />
      </div>
    </Dialog>
  );
}

/** Return what is wrong with the JSON of an answer. */
export const faultOfAnswer = (answer: Answer) =>
  answer.kind === "tool" ? undefined : faultOfJson(answer.json);
