import { useState } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField } from "@/ui/field";
import { CheckFields } from "./check_fields";
import { CHECK_TYPES, type Check, type CheckType, checkOf, emptyForm, formOf } from "./checks";

type Props = {
  /** Null for a new check. */
  check: Check | null;
  onClose: () => void;
  /** Stores the check; false if the API refused it. */
  onSave: (check: Check) => Promise<boolean>;
};

export function CheckDialog({ check, onClose, onSave }: Props) {
  const [form, setForm] = useState(() => (check ? formOf(check) : emptyForm("tool_called")));
  const [isTried, setTried] = useState(false);
  const [state, setState] = useState<"idle" | "busy" | "refused">("idle");
  const built = checkOf(form);
  const faults = isTried && "faults" in built ? built.faults : {};
  async function save() {
    setTried(true);
    if ("faults" in built) return;
    setState("busy");
    setState((await onSave(built.check)) ? "idle" : "refused");
  }
  return (
    <Dialog
      title={check ? "Edit the check" : "Add a check"}
      isOpen
      wide
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={state === "busy"} onClick={save}>
            Store the check
          </Button>
        </>
      }
    >
      <div className="stack">
        <SelectField
          label="Kind of check"
          options={CHECK_TYPES}
          value={form.type}
          onChange={(event) => setForm(emptyForm(event.target.value as CheckType))}
        />
        <CheckFields
          form={form}
          faults={faults}
          onChange={(change) => setForm((now) => ({ ...now, ...change }))}
        />
        {state === "refused" && (
          <p className="fault small" role="alert">
            The check is not stored: the page behind this dialog says why.
          </p>
        )}
      </div>
    </Dialog>
  );
}
