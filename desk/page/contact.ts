import { createStore } from './settings.ts';

/** Whether the pipeline answers, and how the page learns of changes. `since` by the clock of this device, ms. */
export type Contact = Readonly<{ state: 'connecting' | 'live' | 'polling' | 'lost'; since: number }>;

export const contact = createStore<Contact>({ state: 'connecting', since: Date.now() });

const POLL_MS = 5000;
const RETRY_MS = 2000;
/** Asked this often beside a stream, which may be dead without a word. */
const CHECK_MS = 20_000;

const listeners = new Set<() => void>();

/** Tells whoever shows something that it may have changed; returns how to stop listening. */
export const onChange = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
};

const changed = (): void => {
  for (const listener of [...listeners]) listener();
};

let isStreaming = false;

const setState = (state: Contact['state']): void => {
  if (contact.get().state !== state) contact.set({ state, since: Date.now() });
};

/** A request was answered: the pipeline is there. */
export const noteAnswered = (): void => {
  const wasLost = contact.get().state === 'lost';
  setState(isStreaming ? 'live' : 'polling');
  if (wasLost) changed();
};

/** A request got no answer at all. */
export const noteLost = (): void => {
  isStreaming = false;
  setState('lost');
};

const listen = (): void => {
  const stream = new EventSource('/api/events');
  const heard = (): void => {
    isStreaming = true;
    noteAnswered();
    changed();
  };
  stream.onopen = heard;
  stream.addEventListener('change', heard);
  stream.onerror = () => {
    // Closed by the answer itself: there is no such stream here, so the page polls and asks for one again now and then.
    const isRefused = stream.readyState === EventSource.CLOSED && contact.get().state !== 'lost';
    stream.close();
    isStreaming = false;
    setTimeout(listen, isRefused ? 30_000 : RETRY_MS);
    changed();
  };
};

/** Begins to follow changes, by the stream where there is one, else by asking. */
export const followChanges = (): void => {
  listen();
  let askedAt = 0;
  setInterval(() => {
    if (document.hidden) return;
    const everyMs = isStreaming ? CHECK_MS : contact.get().state === 'lost' ? RETRY_MS : POLL_MS;
    if (Date.now() - askedAt < everyMs) return;
    askedAt = Date.now();
    changed();
  }, 500);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) changed();
  });
};
