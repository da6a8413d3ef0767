/** State of the connection: false after a request without an answer, until one has an answer. */

let answering = true;
let listeners: (() => void)[] = [];

export const isAnswering = () => answering;

/** Note that a request had an answer, of any status, or none. */
export function noteAnswer(hasAnswer: boolean): void {
  if (hasAnswer === answering) return;
  answering = hasAnswer;
  for (const listener of listeners) listener();
}

/** Call `listener` after each change; returns the end of the subscription. */
export function subscribeToAnswers(listener: () => void): () => void {
  listeners.push(listener);
  return () => {
    listeners = listeners.filter((one) => one !== listener);
  };
}
