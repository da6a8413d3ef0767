import { useBlocker } from "@tanstack/react-router";
import { Button } from "./button";
import { Dialog } from "./dialog";

type Props = {
  shouldAsk: () => boolean;
  /** Parameters of the URL that select what is edited; others may change. */
  parameters?: readonly string[];
};
type Location = { pathname: string; search: Readonly<Record<string, unknown>> };

/** Asks before a page with unsaved changes is left; the browser asks where the tab is closed. */
export function LeaveDialog({ shouldAsk, parameters = [] }: Props) {
  const isSame = (one: Location, other: Location) =>
    one.pathname === other.pathname &&
    parameters.every((name) => one.search[name] === other.search[name]);
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => !isSame(current, next) && shouldAsk(),
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
