import { after, mock } from 'node:test';
import * as v from 'valibot';
import type { Policy } from '../../domain/alarm/policy/policy.ts';
import { startShadowServer } from '../aws/shadow/server.ts';
import { START_MS } from '../fixture/alarm-words.ts';
import { type EndState, endState } from './end-state.ts';
import { frontDoor } from './front-door.ts';
import { deployFunctions } from './function-runtime.ts';
import { createLine, type Line, type LineSettings } from './line.ts';
import type { Mishaps } from './mishap.ts';
import { type SimulatedClock, simulatedClock } from './simulated-clock.ts';
import type { Tape } from './tape.ts';
import { BACKENDS } from './telemetry-backend.ts';

const shadow = v.object({ state: v.object({ reported: v.record(v.string(), v.unknown()) }) });

/** What happens on a line; `look` says how things stand. */
export type Act = (line: Line, clock: SimulatedClock, look: () => Promise<EndState>) => Promise<unknown>;

export type Happening = Readonly<{
  tape: Tape;
  mishaps: Mishaps;
  settings: LineSettings;
  act: Act;
}>;

/** Nothing befalls any request. */
export const NO_MISHAPS: Mishaps = () => 'none';

/**
 * Deploys the functions for a test file, with a clock that only the tests move, and gives what lets something happen on
 * a new line and says how it ends.
 */
export const deployLine = async (policy: Policy, store: keyof typeof BACKENDS = 'timestream') => {
  mock.timers.enable({ apis: ['Date'], now: START_MS });
  const door = await frontDoor();
  after(() => door.close());
  deployFunctions({
    AWS_ENDPOINT_URL: door.endpoint,
    LEDGER_TABLE: 'ledger',
    DEAD_LETTER_QUEUE_URL: `${door.endpoint}/123456789012/dead-letters`,
    QUARANTINE_BUCKET: 'quarantine',
    TELEMETRY_STORE: store,
    TELEMETRY_DATABASE: 'telemetry',
    TELEMETRY_TABLE: 'samples',
    INCIDENTS_TABLE: 'incidents',
    LAKE_SAMPLES_STREAM: 'samples',
    LAKE_INCIDENTS_STREAM: 'incidents',
    LAKE_NOTICES_STREAM: 'notices',
    LAKE_TRANSITIONS_STREAM: 'transitions',
    LAKE_COMMANDS_STREAM: 'commands',
    LAKE_QUARANTINE_STREAM: 'quarantine',
    ALERT_TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:alerts',
    OPERATOR_TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:operators',
    CANARY_TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:canary',
    POLICY: JSON.stringify(policy),
  });

  return async ({ tape, mishaps, settings, act }: Happening): Promise<EndState> => {
    const clock = simulatedClock(START_MS, (now) => mock.timers.setTime(now));
    const telemetry = await BACKENDS[store]();
    const shadows = await startShadowServer({
      nowMs: clock.now,
      // The rule on desired states, which a null there wakes as well.
      onDesired: ({ thing, desired }) => line?.desire(thing, desired, clock.now()),
    });
    let line: Line | null = null;
    const twinOf = async (thing: string): Promise<unknown> => {
      const answer = await fetch(`${shadows.endpoint}/things/${thing}/shadow?name=twin`);
      if (answer.status === 404) return null;
      // Which save of the record it was made of depends on how the messages were cut into batches.
      const { recordVersion, recordSavedAt, ...reported } = v.parse(shadow, await answer.json()).state
        .reported;
      return reported;
    };
    try {
      const made = createLine({ door, clock, tape, mishaps, telemetry, shadows }, settings);
      line = made;
      const look = (): Promise<EndState> => endState(made, telemetry, twinOf);
      await act(made, clock, look);
      return await look();
    } finally {
      await telemetry.close();
      await shadows.close();
    }
  };
};
