import { useState } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { AnswerFields } from "./answer_fields";
import { faultOfAnswer } from "./call_dialog";
import { faultOfName, type WorldTool } from "./world";

type Props = {
  tool: WorldTool;
  isNew: boolean;
  tools: readonly WorldTool[];
  onClose: () => void;
  onSave: (tool: WorldTool) => void;
};

/** A tool of the mock world: its name, its own answer, and which arguments it answers. */
export function ToolDialog({ tool, isNew, tools, onClose, onSave }: Props) {
  const [edited, setEdited] = useState(tool);
  const [isTried, setTried] = useState(false);
  const nameFault = faultOfName(tools, tool.id, edited.name);
  const answerFault = faultOfAnswer(edited.answer);
  function save() {
    setTried(true);
    if (!nameFault && !answerFault) onSave(edited);
  }
  return (
    <Dialog
      title={isNew ? "Add a tool" : "Edit the tool"}
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
        <TextField
          label="Name of the tool"
          dir="auto"
          required
          value={edited.name}
          fault={isTried ? nameFault : undefined}
          onChange={(event) => setEdited({ ...edited, name: event.target.value })}
        />
        <SelectField
          label="Answers"
          hint={
            edited.calls === null
              ? "Every call gets the response below."
              : "The response below is for calls without one of their own."
          }
          options={[
            ["any", "Any arguments"],
            ["calls", "The arguments of its calls only"],
          ]}
          value={edited.calls === null ? "any" : "calls"}
          onChange={(event) =>
            setEdited({
              ...edited,
              calls: event.target.value === "any" ? null : (tool.calls ?? []),
            })
          }
        />
        <AnswerFields
          answer={edited.answer}
          delayMs={edited.delayMs}
          fault={isTried ? answerFault : undefined}
          onChange={(change) => setEdited({ ...edited, ...change })}
        />
      </div>
    </Dialog>
  );
}
