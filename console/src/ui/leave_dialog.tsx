import { useBlocker } from "@tanstack/react-router";
import { Button } from "./button";
import { Dialog } from "./dialog";

/** Asks before a page with unsaved changes is left; the browser asks where the tab is closed. */
export function LeaveDialog({ shouldAsk }: { shouldAsk: () => boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && shouldAsk(),
    enableBeforeUnload: shouldAsk,
    withResolver: true,
  });
  return (
    <Dialog
      title="Leave without saving?"
      description="The changes on this page are lost."
      isOpen={status === "blocked"}
      onClose={() => reset?.()}
      actions={
        <>
          <Button onClick={() => reset?.()}>Stay</Button>
          <Button look="danger" onClick={() => proceed?.()}>
            Leave
          </Button>
        </>
      }
    />
  );
}
