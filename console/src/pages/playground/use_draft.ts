/** The text of a graph that is being edited, its findings, and whether it differs. */
import { useEffect, useRef, useState } from "react";
import { api, type Schema } from "@/api/client";
import { isFields } from "@/transcript/parts";
import { type Drawing, drawingOf } from "./drawing";
import { parseJson } from "./graph_text";

export type Validation = Schema["WorkflowGraphValidationResponse"];

/** Milliseconds without a change after which a text is validated. */
const PAUSE = 900;

export type Draft = {
  text: string;
  setText: (text: string) => void;
  isChanged: boolean;
  /** The last graph that could be parsed. */
  graph: unknown;
  drawing: Drawing | null;
  syntaxError: string | null;
  /** Result for the text as it is; null until it is there. */
  validation: Validation | null;
  validationError: unknown;
  validate: () => Promise<Validation | null>;
};

/** @param stored The text that the draft is compared with. */
export function useDraft(revisionId: string, stored: string): Draft {
  const [text, setText] = useState(stored);
  const newest = useRef(stored);
  const [graph, setGraph] = useState<unknown>(() => graphIn(stored));
  const [result, setResult] = useState<{ text: string; validation: Validation } | null>(null);
  const [validationError, setError] = useState<unknown>(null);
  const parsed = parseJson(text);
  const syntaxError = "error" in parsed ? parsed.error : null;

  async function validate(): Promise<Validation | null> {
    const given = parseJson(text);
    if ("error" in given || !isFields(given.value)) return null;
    setError(null);
    try {
      const { data } = await api.POST("/v1/workflows/revisions/{revision_id}/graph/validate", {
        params: { path: { revision_id: revisionId } },
        body: { compiled_graph: given.value },
      });
      // An answer that was overtaken is not of the text that is shown.
      if (data && text === newest.current) setResult({ text, validation: data });
      return data ?? null;
    } catch (error) {
      if (text === newest.current) setError(error);
      return null;
    }
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: validates when the text rests.
  useEffect(() => {
    const timer = setTimeout(() => {
      const given = parseJson(text);
      if ("error" in given) return;
      setGraph(given.value);
      void validate();
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [text, revisionId]);

  return {
    text,
    setText(changed) {
      newest.current = changed;
      setText(changed);
    },
    isChanged: text !== stored,
    graph,
    drawing: drawingOf(graph),
    syntaxError,
    validation: result?.text === text ? result.validation : null,
    validationError,
    validate,
  };
}

function graphIn(text: string): unknown {
  const parsed = parseJson(text);
  return "value" in parsed ? parsed.value : null;
}
