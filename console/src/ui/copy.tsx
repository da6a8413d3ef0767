import { Button } from "./button";
import { useToasts } from "./toasts";

/** A button that copies a text; a function is asked for it at the click. */
export function CopyButton({ text, label }: { text: string | (() => string); label: string }) {
  const { note } = useToasts();
  async function copy() {
    try {
      await navigator.clipboard.writeText(typeof text === "string" ? text : text());
      note({ text: "Copied." });
    } catch {
      note({
        text: "The browser did not allow the copy. Select the text and copy it.",
        tone: "bad",
      });
    }
  }
  return (
    <Button compact onClick={copy}>
      {label}
    </Button>
  );
}
