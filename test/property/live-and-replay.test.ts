import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CylinderInput } from '../../domain/alarm/fold-cylinder.ts';
import { createReplay } from '../../domain/alarm/plant.ts';
import type { Policy } from '../../domain/alarm/policy/policy.ts';
import { readPolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import { received } from '../../domain/message/read-message.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import { evaluateSamples } from '../../usecases/evaluate-samples.ts';
import { sweepLedger } from '../../usecases/sweep-ledger.ts';
import { memoryLedger } from '../contract/memory-ledger.ts';
import { applyCommand } from '../fixture/apply-command.ts';
import { happenings, inputsOf } from '../fixture/arbitrary-inputs.ts';
import { policies } from '../fixture/arbitrary-policy.ts';
import { RUNS } from '../fixture/property-runs.ts';
import { compareOutputs } from '../oracle/compare-outputs.ts';

type Recorded = Readonly<{ receivedAt: number }> &
  (
    | Readonly<{ topic: string; payload: object }>
    | Readonly<{ tick: true }>
    | Readonly<{ cylinder: string; command: object }>
  );

/** What is recorded of an input of one cylinder, which sends by a gateway of its own or by a shared one. */
const recordedOf = (cylinder: string, gateway: string, input: CylinderInput): Recorded => {
  const { receivedAt } = input;
  if (input.kind === 'tick') return { receivedAt, tick: true };
  if (input.kind === 'command') return { receivedAt, cylinder, command: input.command };
  const samples = input.samples.map(({ t, probability, values }) => ({
    t,
    probability,
    ...Object.fromEntries(SENSORS.map((sensor, index) => [sensor, values[index]])),
  }));
  return { receivedAt, topic: `greengrass/ml/inference/${gateway}/${cylinder}`, payload: { v: 1, samples } };
};

const replayed = (recording: readonly Recorded[], policy: Policy): readonly object[] => {
  const take = createReplay();
  return [{ policy, seed: 1 }, ...recording].flatMap((line): readonly object[] => {
    const step = take(line);
    if (!step.ok) throw new Error(step.message);
    return step.lines;
  });
};

/** What the use cases put into the outbox, messages folded in batches of up to so many. */
const lived = async (
  recording: readonly Recorded[],
  policy: Policy,
  batch: number,
): Promise<readonly object[]> => {
  const memory = memoryLedger();
  const ledger = { ...memory, due: memory.names };
  const reading = readPolicyBook(policy);
  if (!reading.ok) throw new Error('no policy');
  const ports = { ledger, policies: reading.book };
  const messages: ReturnType<typeof received>[] = [];
  const sweep = sweepLedger({ ...ports, tickAll: true });
  const flush = () => evaluateSamples(ports)(messages.splice(0));
  for (const line of recording) {
    const { receivedAt } = line;
    if ('topic' in line) {
      const body = new TextEncoder().encode(JSON.stringify(line.payload));
      messages.push(received({ topic: line.topic, body, receivedAt, client: null }));
      if (messages.length >= batch) await flush();
      continue;
    }
    await flush();
    if ('tick' in line) await sweep(receivedAt);
    else await applyCommand(ports)(line.cylinder, line.command, receivedAt);
  }
  await flush();
  const outbox = await ledger.pending(Number.POSITIVE_INFINITY);
  return outbox.flatMap(({ item }): readonly object[] => {
    if (item.kind === 'notice') return [item.notice.output];
    return item.kind === 'transition' ? [item.transition] : [];
  });
};

/** Late and quarantined samples are counted and kept elsewhere; the outbox is for what people follow. */
const isFollowed = (line: object): boolean =>
  !('kind' in line) || (line.kind !== 'late' && line.kind !== 'quarantine');

/**
 * A message that came in the same millisecond as the one before it, with nothing but what is late, is taken for that one
 * delivered once more: live operation does not count it among the causes of UNWATCHED, a replay does.
 */
const withoutCauses = (lines: readonly object[]): readonly object[] =>
  lines.map((line) => ('type' in line && line.type === 'UNWATCHED' ? { ...line, cause: 'any' } : line));

const hasSimultaneous = (recording: readonly Recorded[]): boolean => {
  const messages = recording.flatMap((line) => ('topic' in line ? [`${line.topic} ${line.receivedAt}`] : []));
  return new Set(messages).size < messages.length;
};

test('a replay of what was received gives what live operation gave, in whatever batches that was', async () => {
  await fc.assert(
    fc.asyncProperty(
      policies,
      happenings,
      happenings,
      fc.constantFrom('g', 'h'),
      fc.integer({ min: 1, max: 9 }),
      async (policy, one, other, gateway, batch) => {
        const recording = [
          ...inputsOf(one).map((input) => recordedOf('a', 'g', input)),
          ...inputsOf(other).map((input) => recordedOf('b', gateway, input)),
        ].toSorted((a, b) => a.receivedAt - b.receivedAt);
        const expected = replayed(recording, policy).filter(isFollowed);
        const live = await lived(recording, policy, batch);
        const compared = hasSimultaneous(recording) ? withoutCauses : (lines: readonly object[]) => lines;
        assert.equal(
          compareOutputs(compared(expected), compared([{ kind: 'begin', seed: 1 }, ...live])),
          null,
        );
      },
    ),
    RUNS,
  );
});
