/** State of the connection: false after a request without an answer, until one has an answer. */
import { useSyncExternalStore } from "react";
import { Listeners } from "./listeners";

let answering = true;
const listeners = new Listeners();

/** Note that a request had an answer, of any status, or none. */
export function noteAnswer(hasAnswer: boolean): void {
  if (hasAnswer === answering) return;
  answering = hasAnswer;
  listeners.inform();
}

/** True while the API answers; false from a request without an answer to the next answer. */
export const useIsAnswering = () => useSyncExternalStore(listeners.subscribe, () => answering);
