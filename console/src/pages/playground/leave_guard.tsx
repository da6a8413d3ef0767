import { useBlocker } from "@tanstack/react-router";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";

/** Asks before a page with unsaved changes is left; the browser asks where the tab is closed. */
export function LeaveGuard({ isChanged }: { isChanged: boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: () => isChanged,
    enableBeforeUnload: () => isChanged,
    withResolver: true,
  });
  return (
    <Dialog
      title="Leave without saving?"
      description="The changes of the graph are not saved. They are lost if you leave."
      isOpen={status === "blocked"}
      onClose={() => reset?.()}
      actions={
        <>
          <Button look="danger" onClick={() => proceed?.()}>
            Discard the changes
          </Button>
          <Button look="primary" onClick={() => reset?.()}>
            Keep editing
          </Button>
        </>
      }
    />
  );
}
