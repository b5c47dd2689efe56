// Signals that end a wait: of the caller, of a breaker, of a time limit.

import { setMaxListeners } from 'node:events';

/** Tells the reason of the first that is aborted, at once where one is. @returns what stops looking */
export function onEnd(ends: readonly AbortSignal[], leave: (reason: unknown) => void): () => void {
  const listeners = ends.map((end) => [end, () => leave(end.reason)] as const);
  for (const [end, listener] of listeners) {
    // Any number of calls may wait for one signal; each stops looking when its wait is over.
    setMaxListeners(0, end);
    if (end.aborted) listener();
    else end.addEventListener('abort', listener);
  }
  return () => {
    for (const [end, listener] of listeners) end.removeEventListener('abort', listener);
  };
}
