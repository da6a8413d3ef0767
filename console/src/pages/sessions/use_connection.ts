import { useSyncExternalStore } from "react";
import { isAnswering, subscribeToAnswers } from "@/api/answers";

/** True while the API answers; false from a request without an answer to the next answer. */
export const useConnection = () => useSyncExternalStore(subscribeToAnswers, isAnswering);
