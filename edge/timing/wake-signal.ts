/** Wakes the one who waits. */
export type WakeSignal = Readonly<{
  notify(): void;
  /** Resolves at the next ring or, when it rang since the last wait, at once; after `ms` or an abort in any case. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}>;

export const createWakeSignal = (): WakeSignal => {
  let isNotified = false;
  let wake = () => {};
  return {
    notify() {
      isNotified = true;
      wake();
    },
    async wait(ms, signal) {
      if (!isNotified && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = setTimeout(resolve, ms);
        signal.addEventListener('abort', wake, { once: true });
        await promise;
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
      }
      isNotified = false;
    },
  };
};

/** Resolves after `ms` or an abort, whichever is first. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> => createWakeSignal().wait(ms, signal);
