import { Button } from "@/ui/button";

/** Notice that the stored graph is newer than the one that the text began with. */
export function Conflict({
  onOverwrite,
  onLoad,
  onNew,
}: {
  onOverwrite: () => void;
  onLoad: () => void;
  onNew: () => void;
}) {
  return (
    <div className="notice warn" role="alert">
      <p>
        <strong>
          The revision was changed in the meantime, in another tab or by another client.
        </strong>{" "}
        Your text is still here and nothing was stored.
      </p>
      <Button onClick={onNew}>Save as a new revision</Button>
      <Button onClick={onLoad}>Load the stored graph</Button>
      <Button look="danger" onClick={onOverwrite}>
        Overwrite it
      </Button>
    </div>
  );
}
