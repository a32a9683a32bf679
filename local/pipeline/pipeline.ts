import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import type { RawMessage } from '../../domain/message/raw-message.ts';
import { type ReadingOptions, type Received, received } from '../../domain/message/read-message.ts';
import { type Asked, applyDesiredState } from '../../usecases/apply-desired-state.ts';
import { evaluateSamples } from '../../usecases/evaluate-samples.ts';
import type { Ledger } from '../../usecases/ports/ledger.ts';
import type { Quarantine } from '../../usecases/ports/quarantine.ts';
import type { Telemetry } from '../../usecases/ports/telemetry.ts';
import { storeSamples } from '../../usecases/store-samples.ts';
import { sweepLedger } from '../../usecases/sweep-ledger.ts';
import { type Committed, createGroupCommit } from './group-commit.ts';
import type { Relay } from './relay.ts';

/** From such a wait on messages come in faster than they are stored; a slow disk alone holds them up for less. */
const LATE_MS = 5_000;
const CAUGHT_UP_MS = 1_000;
/** How often it is said again while it lasts. */
const AGAIN_MS = 300_000;

const LINGER_MS = 50;
/** What a commit costs is shared by a quarter of a second of a line, and delays a single message by a twentieth. */
const MAX_LINGERS = 5;
const MAX_STEPS = 2_000;
/** Where commits have been full for so long, what waits is with senders that have as many under way as they may. */
const FULL_MS = 30_000;
/** A commit now and then that is not full ends that no sooner. */
const NOT_FULL_MS = 5_000;

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;

/** Says where more comes in than is stored, by how much and what to do about it, and when that is over. */
export const reportLag = (
  log: (line: string) => void,
  nowMs: () => number = performance.now.bind(performance),
): ((committed: Committed) => void) => {
  let sinceMs: number | null = null;
  let saidMs = -Infinity;
  let lastMs = nowMs();
  let fullSinceMs: number | null = null;
  let fullMs = -Infinity;
  return ({ items, waitedMs, waiting }) => {
    const now = nowMs();
    const perSecond = Math.round((1000 * items) / Math.max(1, now - lastMs));
    lastMs = now;
    if (items >= MAX_STEPS) {
      fullSinceMs ??= now;
      fullMs = now;
    } else if (now - fullMs >= NOT_FULL_MS) fullSinceMs = null;
    const isFull = fullSinceMs !== null && now - fullSinceMs >= FULL_MS;
    if (sinceMs !== null && waitedMs < CAUGHT_UP_MS && fullSinceMs === null) {
      log(`it keeps up again, after ${seconds(now - sinceMs)}: messages are stored within a second`);
      sinceMs = null;
      saidMs = -Infinity;
    } else if (waitedMs >= LATE_MS || isFull) {
      sinceMs ??= Math.min(now - waitedMs, fullSinceMs ?? now);
      if (now - saidMs < AGAIN_MS) return;
      saidMs = now;
      const where =
        waitedMs >= LATE_MS
          ? `messages wait ${seconds(waitedMs)} until they are stored and acknowledged, ${waiting} are waiting`
          : `every commit has been full for ${seconds(now - sinceMs)}, what waits is with its senders, unless they send what they had kept`;
      log(
        `it cannot keep up: ${where}, ` +
          `and ${perSecond} a second get done. None is lost while their senders keep them. If it stays so, let each message ` +
          'carry ten samples, stop what else takes the processor or the disk, or watch part of the line on another machine',
      );
    }
  };
};

export type PipelinePorts = Readonly<{
  telemetry: Telemetry;
  quarantine: Quarantine;
  ledger: Ledger;
  policies: PolicyBook;
  /** How messages are read. */
  reading?: ReadingOptions | undefined;
  relay: Pick<Relay, 'drain'>;
  /** The pipeline cannot go on: storing or sending out failed. */
  fail: (error: unknown) => void;
  /** Is told where more comes in than can be stored, and when that is over. */
  log?: (line: string) => void;
}>;

/** What went through since the start: messages, and samples by what became of them. */
export type Counts = Readonly<{ messages: number; stored: number; repeated: number; quarantined: number }>;

/** Everything resolves when it is saved; all of it takes effect in the order in which it was asked for. */
export type Pipeline = Readonly<{
  /** Takes a message in; resolves when its samples are stored and its cylinder's state is saved. */
  take(message: RawMessage): Promise<void>;
  /** Does what time alone brings about by `now`, ms. */
  sweep(now: number): Promise<void>;
  /** Carries out what a person set in the desired state of a twin. */
  applyDesired(asked: Asked): Promise<void>;
  /** Does something at a moment when the ledger and the telemetry store say the same: between two groups. */
  between(task: () => Promise<void>): Promise<void>;
  counts(): Counts;
  /** Resolves when all that was taken in is stored and all that had to go out is out. */
  settle(): Promise<void>;
}>;

type Step =
  | Readonly<{ kind: 'message'; message: RawMessage }>
  | Readonly<{ kind: 'desired'; thing: string; act: () => Promise<void> }>
  | Readonly<{ kind: 'act' | 'between'; act: () => Promise<void> }>;

/** The cloud's use cases over local parts: store, then watch, then acknowledge; what comes of it goes out behind. */
export const createPipeline = (ports: PipelinePorts): Pipeline => {
  const { relay, fail } = ports;
  const store = storeSamples(ports);
  const watch = evaluateSamples(ports);
  const sweep = sweepLedger({ ...ports, tickAll: true });
  const applyDesired = applyDesiredState(ports);
  let counts: Counts = { messages: 0, stored: 0, repeated: 0, quarantined: 0 };

  const storeAll = async (batch: readonly Received[]): Promise<void> => {
    if (batch.length === 0) return;
    const { stored, repeated, quarantined } = await store(batch);
    counts = {
      messages: counts.messages + batch.length,
      stored: counts.stored + stored,
      repeated: counts.repeated + repeated,
      quarantined: counts.quarantined + quarantined,
    };
  };

  /**
   * Stores all messages of a group at once, and then watches, sweeps and applies desired states: in their order for each
   * cylinder, and in as few saves as that allows. What wants both stores to say the same comes when all of that is done.
   */
  const commit = async (steps: readonly Step[]): Promise<void> => {
    const messages = steps.map((step) =>
      step.kind === 'message' ? received(step.message, ports.reading) : null,
    );
    await storeAll(messages.filter((message) => message !== null));
    let batch: Received[] = [];
    const desired = new Map<string, () => Promise<void>>();
    const save = async (): Promise<void> => {
      if (batch.length > 0) await watch(batch);
      batch = [];
      const acts = [...desired.values()];
      desired.clear();
      await Promise.all(acts.map((act) => act()));
    };
    for (const [index, step] of steps.entries()) {
      const message = messages[index] ?? null;
      if (step.kind === 'act') {
        await save();
        await step.act();
      } else if (step.kind !== 'between') {
        const things =
          step.kind === 'desired'
            ? [step.thing]
            : (message?.reading.samples.map(({ cylinder }) => cylinder) ?? []);
        if (desired.size > 0 && things.some((thing) => desired.has(thing))) await save();
        if (step.kind === 'desired') desired.set(step.thing, step.act);
        else if (message !== null) batch.push(message);
      }
    }
    await save();
    for (const step of steps) if (step.kind === 'between') await step.act();
  };

  let hasFailed = false;
  const failed = (error: unknown): void => {
    hasFailed = true;
    fail(error);
  };

  /** After a failure nothing goes out any more: it waits for the next start, where it can be crossed off. */
  const sendOut = (): Promise<void> => (hasFailed ? Promise.resolve() : relay.drain().catch(failed));
  const group = createGroupCommit<Step>(
    async (steps) => {
      await commit(steps).catch((error: unknown) => {
        failed(error);
        throw error;
      });
      void sendOut();
    },
    {
      lingerMs: LINGER_MS,
      maxLingers: MAX_LINGERS,
      maxItems: MAX_STEPS,
      senderOf: (step) => (step.kind === 'message' ? step.message.client : null),
      onCommitted: reportLag(ports.log ?? (() => undefined)),
    },
  );
  const act = (task: () => Promise<void>): Promise<void> => group.add({ kind: 'act', act: task });

  return {
    take: (message) => group.add({ kind: 'message', message }),
    sweep: (now) => act(() => sweep(now)),
    applyDesired: (asked) =>
      group.add({ kind: 'desired', thing: asked.thing, act: () => applyDesired(asked) }),
    // What fails in it is its own: it is no step of the pipeline.
    between: async (task) => {
      let outcome: Promise<void> = Promise.resolve();
      const step = async (): Promise<void> => {
        outcome = task();
        await outcome.catch(() => undefined);
      };
      await group.add({ kind: 'between', act: step });
      await outcome;
    },
    counts: () => counts,
    settle: async () => {
      await group.idle();
      await sendOut();
    },
  };
};
