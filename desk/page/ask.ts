import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { noteAnswered, noteLost, onChange } from './contact.ts';

/** Why there is no answer: the pipeline is not there (0), or the status and words with which it refused. */
export type Failure = Readonly<{ status: number; words: string }>;

/** The latest answer to a question. `now` is the pipeline's clock at `receivedAt` of this device, ms. */
export type Answer<T> = Readonly<{
  value: T | null;
  failure: Failure | null;
  now: number;
  receivedAt: number;
  /** It is from what this device has stored: the pipeline has not answered since the page was opened. */
  isStored: boolean;
}>;

type Question = {
  answer: Answer<unknown>;
  etag: string | null;
  askedAt: number;
  keptAt: number;
  asking: Promise<void> | null;
  isAskedAgain: boolean;
  readonly listeners: Set<() => void>;
};

const NOTHING: Answer<never> = { value: null, failure: null, now: 0, receivedAt: 0, isStored: false };

const questions = new Map<string, Question>();
/** Answers that nobody looks at are kept for the way back, as many as these. */
const MAX_KEPT = 30;

const forget = (): void => {
  for (const [path, { listeners }] of questions) {
    if (questions.size <= MAX_KEPT) return;
    if (listeners.size === 0) questions.delete(path);
  }
};

const questionOf = (path: string): Question => {
  const known = questions.get(path);
  if (known !== undefined) return known;
  forget();
  const made: Question = {
    answer: NOTHING,
    etag: null,
    askedAt: 0,
    keptAt: 0,
    asking: null,
    isAskedAgain: false,
    listeners: new Set(),
  };
  questions.set(path, made);
  return made;
};

const tell = (question: Question, answer: Answer<unknown>): void => {
  question.answer = answer;
  for (const listener of [...question.listeners]) listener();
};

const STORE = 'answers';
const KEEP_EVERY_MS = 10_000;

/** A link is a right to act, and a span of history is large: neither is stored on the device. */
const isStorable = (path: string): boolean =>
  'caches' in globalThis && !/^\/api\/(link\/|.*\/(history|samples)\?)/.test(path);

const keep = async (path: string, question: Question, body: string): Promise<void> => {
  if (!isStorable(path) || Date.now() - question.keptAt < KEEP_EVERY_MS) return;
  question.keptAt = Date.now();
  const store = await caches.open(STORE);
  await store.put(path, new Response(body, { headers: { 'x-received-at': String(question.keptAt) } }));
};

const stored = async (path: string): Promise<Answer<unknown> | null> => {
  if (!isStorable(path)) return null;
  const found = await (await caches.open(STORE)).match(path);
  if (found === undefined) return null;
  const value: unknown = await found.json();
  const receivedAt = Number(found.headers.get('x-received-at'));
  return { value, failure: null, now: nowOf(value) ?? receivedAt, receivedAt, isStored: true };
};

const nowOf = (value: unknown): number | null =>
  typeof value === 'object' && value !== null && 'now' in value ? Number(value.now) : null;

/** What an answer of the API says went wrong. */
const failureOf = (status: number, body: string): Failure => {
  try {
    const value: unknown = JSON.parse(body);
    const { words, error } = Object(value);
    const said: unknown = words ?? error?.message;
    return { status, words: typeof said === 'string' ? said : '' };
  } catch {
    return { status, words: '' };
  }
};

/** A status with which something before the pipeline says that it is not there. */
const isAway = (status: number): boolean => status === 502 || status === 504;

const TIMEOUT_MS = 10_000;

/** Who has signed in, where one has to, says so by a token (sign-in.ts); who comes by a link needs none. */
const authorization = (path: string): Readonly<Record<string, string>> => {
  const token = path.startsWith('/api/link/') ? null : sessionStorage.getItem('token');
  return token === null ? {} : { authorization: `Bearer ${token}` };
};

/** Signs in where that is possible: there is no such script elsewhere. It runs once in ten seconds, whoever asks for it. */
export const loadSignIn = (): Promise<unknown> =>
  import(`/sign-in.js?${Math.floor(Date.now() / 1e4)}`).catch(() => null);

/** Saves what a path answers as a file, by a click on the link to it: a browser that follows it sends no token. */
export const saveAnswer = async (
  event: Readonly<{ currentTarget: HTMLAnchorElement }> & Event,
): Promise<void> => {
  const { href, pathname, download } = event.currentTarget;
  const headers = authorization(pathname);
  if (headers.authorization === undefined) return;
  event.preventDefault();
  const response = await fetch(href, { headers }).catch(() => null);
  if (response?.status === 401) await loadSignIn();
  if (response?.ok !== true) return noteLost();
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = download;
  link.click();
  URL.revokeObjectURL(link.href);
};

const askNow = async (path: string, question: Question): Promise<void> => {
  question.askedAt = Date.now();
  const tag = question.etag === null ? {} : { 'if-none-match': question.etag };
  try {
    const response = await fetch(path, {
      headers: { ...tag, ...authorization(path) },
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body = response.status === 304 ? '' : await response.text();
    if (isAway(response.status)) throw new Error('away');
    if (response.status === 401) await loadSignIn();
    const receivedAt = Date.now();
    if (response.ok) {
      question.etag = response.headers.get('etag');
      const value: unknown = JSON.parse(body);
      const now = nowOf(value) ?? receivedAt;
      tell(question, { value, failure: null, now, receivedAt, isStored: false });
      keep(path, question, body).catch(() => {});
    } else if (response.status !== 304) {
      question.etag = null;
      tell(question, { ...question.answer, failure: failureOf(response.status, body) });
    } else if (question.answer.failure !== null) tell(question, { ...question.answer, failure: null });
    noteAnswered();
  } catch {
    noteLost();
    const known = question.answer.value === null ? await stored(path).catch(() => null) : null;
    if (question.answer.value === null && known !== null) tell(question, known);
    else tell(question, { ...question.answer, failure: { status: 0, words: '' } });
  }
};

/** Asks once, however many want to know; what changes while the answer is on its way is asked for once more after it. */
const refresh = (path: string): void => {
  const question = questionOf(path);
  if (question.asking !== null) {
    question.isAskedAgain = true;
    return;
  }
  question.asking = askNow(path, question).finally(() => {
    question.asking = null;
    if (question.isAskedAgain && question.listeners.size > 0) setTimeout(() => refresh(path), 250);
    question.isAskedAgain = false;
  });
};

/** Asks anew for all that is shown now. */
export const refreshShown = (): void => {
  for (const [path, { listeners }] of questions) if (listeners.size > 0) refresh(path);
};

/**
 * The answer to a GET of the API, kept up to date while it is shown, at most once in `everyMs`. The type is what the API's
 * schemas promise for the path.
 */
export const useAnswer = <T>(path: string | null, everyMs = 1000): Answer<T> => {
  const [, draw] = useState(0);
  useLayoutEffect(() => {
    if (path === null) return;
    const { listeners } = questionOf(path);
    const listener = (): void => draw((count) => count + 1);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, [path]);
  useEffect(() => {
    if (path === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = (): void => {
      if (timer !== undefined || document.hidden) return;
      const { askedAt, answer } = questionOf(path);
      const waitMs = answer.failure?.status === 0 ? 0 : askedAt + everyMs - Date.now();
      timer = setTimeout(
        () => {
          timer = undefined;
          refresh(path);
        },
        Math.max(0, waitMs),
      );
    };
    refresh(path);
    const stop = onChange(ask);
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [path, everyMs]);
  return path === null ? NOTHING : (questionOf(path).answer as Answer<T>);
};

export type Posted =
  | Readonly<{ kind: 'done' }>
  | Readonly<{ kind: 'refused'; failure: Failure }>
  | Readonly<{ kind: 'unknown' }>;

/** Sends a command, again as it is where it got no answer: its key makes it one. */
export const post = async (path: string, body: Readonly<Record<string, unknown>>): Promise<Posted> => {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization(path) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(3 * TIMEOUT_MS),
    });
    const text = await response.text();
    if (isAway(response.status)) throw new Error('away');
    noteAnswered();
    return response.ok ? { kind: 'done' } : { kind: 'refused', failure: failureOf(response.status, text) };
  } catch {
    noteLost();
    return { kind: 'unknown' };
  }
};
