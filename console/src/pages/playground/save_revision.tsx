import { type FormEvent, useId, useState } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";

/** The form for the name of a new revision. */
export function SaveRevision({
  isOpen,
  name,
  onClose,
  onSave,
}: {
  isOpen: boolean;
  name: string;
  onClose: () => void;
  onSave: (name: string) => Promise<boolean>;
}) {
  const form = useId();
  const [isBusy, setBusy] = useState(false);

  async function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setBusy(true);
    await onSave(String(new FormData(event.currentTarget).get("name")));
    setBusy(false);
    // Findings of an invalid graph are on the page.
    onClose();
  }

  return (
    <Dialog
      title="Save as a new revision"
      description="The revision that is shown now stays as it is."
      isOpen={isOpen}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} look="primary" busy={isBusy}>
            Save the revision
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={save}>
        <TextField
          label="Name"
          name="name"
          required
          maxLength={500}
          defaultValue={name}
          dir="auto"
        />
      </form>
    </Dialog>
  );
}
