import { type Fields, isFields } from '../../domain/fields.ts';
import { SentinelError } from '../../domain/sentinel-error.ts';
import type { TwinReport } from '../../domain/twin/build-twin.ts';
import { answeredCommands } from '../../domain/twin/desired.ts';
import type { Twins } from '../../usecases/ports/twins.ts';
import { createGroupCommit } from '../pipeline/group-commit.ts';
import { gathered } from '../run/gathered.ts';
import {
  type Answer,
  answerRequest,
  type DesiredChange,
  type ShadowAccess,
  type ShadowMessage,
  updateShadow,
} from './answer-request.ts';
import { type ShadowView, viewOf } from './answers.ts';
import { isJsonObject, type Json, type JsonObject, member, parseJson, sameJson } from './json.ts';
import { readShadowTopic, readUpdateRequest, type ShadowKey, type ShadowTopic } from './read-request.ts';
import type { ShadowStore } from './shadow-store.ts';

/** The least patch that makes one state say what the other says, null meaning nothing; null where it does already. */
export const patchTowards = (current: JsonObject, wanted: JsonObject): JsonObject | null =>
  difference(current, withoutNulls(wanted));

const withoutNulls = (object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, isJsonObject(value) ? withoutNulls(value) : value]),
  );

const difference = (current: JsonObject, wanted: JsonObject): JsonObject | null => {
  const changes: [string, Json][] = [];
  for (const [key, value] of Object.entries(wanted)) {
    const change = changeTowards(member(current, key), value);
    if (change !== null) changes.push([key, change]);
  }
  for (const key of Object.keys(current)) {
    if (!Object.hasOwn(wanted, key)) changes.push([key, null]);
  }
  return changes.length === 0 ? null : Object.fromEntries(changes);
};

const changeTowards = (current: Json | undefined, wanted: Json): Json => {
  if (isJsonObject(current) && isJsonObject(wanted)) return difference(current, wanted);
  return sameJson(current, wanted) ? null : wanted;
};

/** A report that no repetition would get through, as where what is desired of a thing leaves no room for it. */
export class ReportRefused extends SentinelError {
  override name = 'ReportRefused';
}

const ALL: ShadowAccess = { mayCommand: true, mayReport: true, isTooMany: false };

export type ShadowServiceParts = Readonly<{
  store: ShadowStore;
  publish: (topic: string, payload: string) => Promise<void>;
  nowMs: () => number;
  /** Called after an accepted update that named `desired`, in the order of versions. */
  onDesired: (change: DesiredChange) => Promise<void> | void;
}>;

export type ShadowService = Readonly<{
  /**
   * Answers a request on a shadow topic, and ignores every other topic. Resolves when the answers are out and
   * `onDesired` is done; rejects if that or the store failed, so that the client asks again. Without an access all is
   * allowed, as it is to a thing itself on AWS.
   */
  handle(topic: string, body: Uint8Array, access?: ShadowAccess): Promise<void>;
  /**
   * Makes the reported state say exactly this, and takes the names from the desired state that `answered` picks of it and
   * of its metadata; what already says so is not written, and if all does, nothing happens. Nobody is told of a desire.
   * Rejects where a client's update would be refused (over 8 KB, for one).
   */
  report(
    thing: string,
    shadowName: string | null,
    reported: Readonly<Record<string, unknown>>,
    answered?: (desired: JsonObject, metadata: JsonObject) => readonly string[],
  ): Promise<void>;
  /** The shadow as it is, or null. */
  get(thing: string, shadowName: string | null): ShadowView | null;
}>;

const LINGER_MS = 5;

/** A request with its answer, once it is committed; `nowS` is when it came, seconds since the epoch. */
type Request = Readonly<{ target: ShadowTopic; body: Uint8Array; nowS: number; access: ShadowAccess }> & {
  answer: Answer;
};

/** What a thing says of itself, and which of its desires that answers. */
type Report = Readonly<{
  key: ShadowKey;
  reported: JsonObject;
  answered: (desired: JsonObject, metadata: JsonObject) => readonly string[];
}>;

/**
 * The device shadow service of AWS IoT, classic and named shadows, on the same topics with the same documents.
 * https://docs.aws.amazon.com/iot/latest/developerguide/iot-device-shadows.html
 */
export const createShadowService = (parts: ShadowServiceParts): ShadowService => {
  const { store, publish, nowMs, onDesired } = parts;
  const nowS = (): number => Math.floor(nowMs() / 1000);
  const send = (messages: readonly ShadowMessage[]): Promise<unknown> =>
    Promise.all(messages.map(({ topic, payload }) => publish(topic, JSON.stringify(payload))));

  // Requests that come close together share one commit.
  const requests = createGroupCommit<Request>(
    (asked) =>
      new Promise((resolve) => {
        store.together(() => {
          for (const request of asked) {
            const { target, body, nowS, access } = request;
            request.answer = answerRequest(store, target, body, nowS, access);
          }
        });
        resolve();
      }),
    { lingerMs: LINGER_MS, maxItems: 1_000 },
  );

  /** What is to be sent of a report, or why there was no room for it. */
  const takeReport = ({ key, reported, answered }: Report): readonly ShadowMessage[] | ReportRefused => {
    const { thing, shadowName } = key;
    const stored = store.read(key);
    const document = stored?.kind === 'present' ? stored.document : null;
    const patch = patchTowards(document?.reported?.state ?? {}, reported);
    const { state = {}, metadata = {} } = document?.desired ?? {};
    const cleared = answered(state, metadata);
    if (patch === null && cleared.length === 0) return [];
    const update = {
      ...(patch === null ? {} : { reported: patch }),
      ...(cleared.length === 0 ? {} : { desired: Object.fromEntries(cleared.map((name) => [name, null])) }),
    };
    const read = readUpdateRequest({ fields: { state: update }, clientToken: undefined });
    const result = read.kind === 'read' ? updateShadow(store, key, read.request, nowS()) : read;
    if (result.kind === 'accepted') return result.messages;
    const { code, message } = result.rejection;
    return new ReportRefused(
      'ReportRefused',
      `the shadow '${shadowName ?? thing}' of ${thing} was not updated: ${code} ${message}`,
    );
  };

  // Those of one turn are one commit. A report stays in the outbox until it is crossed off there, which waits for the
  // disk, and goes out again until then.
  const reports = gathered((all: readonly Report[]) => store.together(() => all.map(takeReport), true));

  return {
    handle: async (topic, body, access = ALL) => {
      const target = readShadowTopic(topic);
      if (target === null) return;
      const request: Request = { target, body, nowS: nowS(), access, answer: { messages: [] } };
      await requests.add(request);
      const { messages, change, failure } = request.answer;
      const act = async (): Promise<void> => {
        if (change !== undefined) await onDesired(change);
      };
      await Promise.all([send(messages), act()]);
      if (failure !== undefined) throw failure;
    },

    report: async (thing, shadowName, reported, answered = () => []) => {
      const asked: Report = { key: { thing, shadowName }, reported: plainJson(reported), answered };
      // Where those of one turn fail together, each goes by itself: none fails for another's sake.
      const taken = await reports(asked).catch(() => store.together(() => takeReport(asked), true));
      if (taken instanceof ReportRefused) throw taken;
      await send(taken);
    },

    get: (thing, shadowName) => {
      const stored = store.read({ thing, shadowName });
      return stored?.kind === 'present' ? viewOf(stored.document, nowS()) : null;
    },
  };
};

/** What a value is once it has been JSON: without undefined, dates as text. */
const plainJson = (value: Readonly<Record<string, unknown>>): JsonObject => {
  const json = parseJson(JSON.stringify(value));
  return isJsonObject(json) ? json : {};
};

/** What a twin says to have become of a command, for whoever looks on; `before` is what it reported until then. */
export type Answered = Readonly<{ cylinder: string; verdict: Fields; twin: TwinReport; before: Fields }>;

type Ports = Readonly<{
  shadows: ShadowService;
  onAnswered: (answered: Answered) => void;
  log: (line: string) => void;
}>;

export const TWIN = 'twin';

const verdictsOf = (lastCommands: unknown): readonly Answered['verdict'][] =>
  Array.isArray(lastCommands) ? lastCommands.filter(isFields) : [];

/** Verdicts that were not reported yet, the oldest first; one that was asked for once more is none. */
const freshOf = (before: unknown, after: TwinReport): readonly Answered['verdict'][] => {
  const known = new Set(verdictsOf(before).map(({ kind, asked, at }) => `${kind} ${asked} ${at}`));
  return verdictsOf(after.lastCommands)
    .filter(({ kind, asked, at }) => !known.has(`${kind} ${asked} ${at}`))
    .toReversed();
};

/** The twins as shadows of this machine, which says what it had to answer; a report without room is logged. */
export const shadowTwins = ({ shadows, onAnswered, log }: Ports): Twins => ({
  report: async (cylinder, twin) => {
    const reported = shadows.get(cylinder, TWIN)?.state.reported;
    const before = isFields(reported) ? reported : {};
    const fresh = freshOf(before.lastCommands, twin);
    await shadows
      .report(cylinder, TWIN, twin, (desired, metadata) => answeredCommands(twin, desired, metadata))
      .catch((error: unknown) => {
        if (!(error instanceof ReportRefused)) throw error;
        log(error.message);
      });
    for (const verdict of fresh) onAnswered({ cylinder, verdict, twin, before });
  },
});
