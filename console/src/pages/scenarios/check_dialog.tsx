import { useState } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField } from "@/ui/field";
import { ErrorNotice } from "@/ui/notices";
import { CheckFields } from "./check_fields";
import { CHECK_TYPES, type Check, type CheckType, checkOf, emptyForm, formOf } from "./checks";

type Props = {
  /** Null for a new check. */
  check: Check | null;
  onClose: () => void;
  /** Stores the check; returns the error, or null. */
  onSave: (check: Check) => Promise<unknown>;
};

export function CheckDialog({ check, onClose, onSave }: Props) {
  const [form, setForm] = useState(() => (check ? formOf(check) : emptyForm("tool_called")));
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const built = checkOf(form);
  const faults = isTried && "faults" in built ? built.faults : {};
  async function save() {
    setTried(true);
    if ("faults" in built) return;
    setBusy(true);
    setError(await onSave(built.check));
    setBusy(false);
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
          <Button look="primary" busy={isBusy} onClick={save}>
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
        {error !== null && <ErrorNotice error={error} />}
      </div>
    </Dialog>
  );
}
