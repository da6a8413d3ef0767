import { Button } from "./button";
import { useToasts } from "./toasts";

/** Return a function that copies a text, and says whether the browser allowed it. */
export function useCopy() {
  const { note } = useToasts();
  return async (text: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      note({ text: "Copied." });
    } catch {
      note({ text: "The browser did not allow the copy. Select and copy it.", tone: "bad" });
    }
  };
}

/** A button that copies a text; a function is asked for it at the click. */
export function CopyButton({ text, label }: { text: string | (() => string); label: string }) {
  const copy = useCopy();
  return (
    <Button compact onClick={() => void copy(typeof text === "string" ? text : text())}>
      {label}
    </Button>
  );
}
