import assert from 'node:assert/strict';
import { createReplay } from '../../domain/alarm/plant.ts';

/** Midnight of the day on which every plant starts; times of a plant count from it, ms. */
export const START_MS = Date.UTC(2026, 0, 5);

export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/** A time of the plant's day, as `1:10` or `0:05:30`, in ms since its midnight. */
export const at = (text: string): number => {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  return hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS;
};

/** A line of the replay and when it comes, ms by the receiver's clock since midnight. */
export type Event = Readonly<{ at: number; line: Readonly<Record<string, unknown>> }>;

export const isBetween =
  (from: string, to: string) =>
  (ms: number): boolean =>
    ms >= at(from) && ms < at(to);

/** The fault of every plant that says nothing else. */
export const FAULT = isBetween('0:10', '1:10');

export type Stream = Readonly<{
  cylinder?: string;
  gateway?: string;
  from?: string;
  to: string;
  everyMs?: number;
  /** By the true time; 0.97 where it is so and 0.02 where it is not. */
  isAbnormal?: (ms: number) => boolean;
  /** Whether a sample taken then reaches anybody. */
  isSent?: (ms: number) => boolean;
  /** When a sample taken then is received, by the true time. */
  receivedAt?: (ms: number) => number;
  /** What the gateway's clock says at a true time. */
  gatewayClock?: (ms: number) => number;
  /** What the receiver's clock says at a true time. */
  receiverClock?: (ms: number) => number;
  /** Revolutions a minute, for `idle`. */
  speed?: (ms: number) => number;
}>;

const identity = (ms: number): number => ms;

/** The messages of one cylinder through one gateway, a sample each. */
export const samples = ({
  cylinder = 'c',
  gateway = 'g',
  from = '0:00',
  to,
  everyMs = SECOND_MS,
  isAbnormal = FAULT,
  isSent = () => true,
  receivedAt = identity,
  gatewayClock = identity,
  receiverClock = identity,
  speed = () => 1200,
}: Stream): readonly Event[] => {
  const events: Event[] = [];
  for (let ms = at(from); ms < at(to); ms += everyMs) {
    if (!isSent(ms)) continue;
    const arrival = receivedAt(ms);
    const sample = {
      t: Math.max(0, START_MS + gatewayClock(ms)),
      wEncoderVelocity: speed(ms),
      probability: isAbnormal(ms) ? 0.97 : 0.02,
    };
    events.push({
      at: arrival,
      line: {
        receivedAt: START_MS + receiverClock(arrival),
        topic: `greengrass/ml/inference/${gateway}/${cylinder}`,
        payload: { v: 1, cylinder, samples: [sample] },
      },
    });
  }
  return events;
};

export const command = (time: string, fields: Readonly<Record<string, unknown>>, cylinder = 'c'): Event => ({
  at: at(time),
  line: { receivedAt: START_MS + at(time), cylinder, command: fields },
});

export const policyFrom = (time: string, policy: Readonly<Record<string, unknown>>): Event => ({
  at: at(time),
  line: { receivedAt: START_MS + at(time), policy },
});

/** A tick each minute, after whatever came at that moment. */
export const ticks = (to: string, receiverClock: (ms: number) => number = identity): readonly Event[] =>
  Array.from({ length: Math.floor(at(to) / MINUTE_MS) }, (_, index) => {
    const ms = (index + 1) * MINUTE_MS;
    return { at: ms, line: { receivedAt: START_MS + receiverClock(ms), tick: true } };
  });

export type Output = Readonly<Record<string, unknown>>;

/** Plays what happened in a plant, in the order of time, and gives every line that the alarm says. */
export const play = (
  policy: Readonly<Record<string, unknown>>,
  events: readonly Event[],
): readonly Output[] => {
  const replay = createReplay();
  const outputs: Output[] = [];
  const take = (line: unknown): void => {
    const step = replay(line);
    assert.ok(step.ok, step.ok ? '' : step.message);
    outputs.push(...step.lines.map((output): Output => ({ ...output })));
  };
  take({ policy, seed: 0 });
  for (const { line } of events.toSorted((a, b) => a.at - b.at)) take(line);
  return outputs;
};

/** What a technician is told: about when, and what. */
export type Told = readonly [time: string, what: string];

const whatOf = ({ type, cause, severity, flapping, cylinder }: Output, several: boolean): string =>
  [several ? cylinder : null, type, cause ?? severity ?? null, flapping === true ? 'flapping' : null]
    .filter((part) => part !== null && part !== undefined)
    .join(' ');

const clockText = (ms: number): string => {
  const minutes = Math.floor(ms / MINUTE_MS);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
};

/** Asserts what is told, in its order, each within a tick of its time. */
export const assertTold = (outputs: readonly Output[], expected: readonly Told[]): void => {
  const notices = outputs.filter(({ kind }) => kind === 'notice');
  const several = new Set(notices.map(({ cylinder }) => cylinder)).size > 1;
  const told = notices.map(
    (notice): Told => [clockText(Number(notice.at) - START_MS), whatOf(notice, several)],
  );
  const close = told.map(([time, what], index): Told => {
    const wanted = expected[index]?.[0];
    const isClose = wanted !== undefined && Math.abs(at(time) - at(wanted)) <= MINUTE_MS;
    return [isClose ? wanted : time, what];
  });
  assert.deepEqual(close, expected);
};

/** The times at which one kind of notice was told, as text. */
export const timesOf = (outputs: readonly Output[], type: string): readonly string[] =>
  outputs
    .filter((output) => output.kind === 'notice' && output.type === type)
    .map((notice) => clockText(Number(notice.at) - START_MS));
