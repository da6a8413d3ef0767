import { useState } from "react";
import { Button } from "@/ui/button";
import type { Part } from "./parts";

/** An image of a message, in a frame of a fixed height; one that may not be loaded is named. */
export function Picture({ part, alt }: { part: Part & { type: "image" }; alt: string }) {
  const [isLarge, setLarge] = useState(false);
  const [isBroken, setBroken] = useState(false);
  if (part.src === null || isBroken) {
    return (
      <p className="picture-name muted small" dir="auto">
        [Image {isBroken ? "that cannot be read" : part.name}]
      </p>
    );
  }
  return (
    <figure className={isLarge ? "picture large" : "picture"}>
      <img
        src={part.src}
        alt={alt}
        decoding="async"
        referrerPolicy="no-referrer"
        onError={() => setBroken(true)}
      />
      <figcaption>
        <Button compact look="quiet" aria-pressed={isLarge} onClick={() => setLarge(!isLarge)}>
          {isLarge ? "Show small" : "Show large"}
        </Button>
      </figcaption>
    </figure>
  );
}
