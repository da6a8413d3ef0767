/** Server-sent events with the key in a header, which EventSource cannot send. */
import { createParser, type EventSourceMessage } from "eventsource-parser";
import { API_URL, authorizedFetch } from "./client";
import { ApiError } from "./errors";

/** Pause before the next request, in milliseconds, after an answer and after a failure. */
const AFTER_ANSWER = 1_000;
const AFTER_FAILURE = 5_000;

/**
 * Follow a stream until `signal` is aborted or the API refuses it.
 *
 * An answer of the API is finite: the next request continues behind the last event.
 *
 * @param url Path of the stream for the id of the last event seen, null at the beginning.
 */
export async function followStream(
  url: (lastEventId: string | null) => string,
  onEvent: (event: EventSourceMessage) => void,
  signal: AbortSignal,
  onState: (isConnected: boolean) => void = () => undefined,
): Promise<void> {
  let last: string | null = null;
  while (!signal.aborted) {
    let pause = AFTER_ANSWER;
    try {
      const headers = { accept: "text/event-stream" };
      const request = new Request(API_URL + url(last), { signal, headers });
      const response = await authorizedFetch(request);
      onState(true);
      await read(response, (event) => {
        last = event.id ?? last;
        onEvent(event);
      });
    } catch (error) {
      if (signal.aborted) return;
      onState(false);
      if (error instanceof ApiError && error.status >= 400 && error.status < 429) return;
      pause = AFTER_FAILURE;
    }
    await sleep(pause, signal);
  }
}

async function read(response: Response, onEvent: (event: EventSourceMessage) => void) {
  const parser = createParser({ onEvent });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
    parser.feed(part.value);
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
  });
}
