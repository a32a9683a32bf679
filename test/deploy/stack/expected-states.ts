import { readPolicyBook } from '../../../domain/alarm/policy/policy-book.ts';
import type { CylinderState } from '../../../domain/alarm/state/state.ts';
import { received } from '../../../domain/message/read-message.ts';
import { evaluateSamples } from '../../../usecases/evaluate-samples.ts';
import { memoryLedger } from '../../contract/memory-ledger.ts';
import type { LineMessage } from './cylinder-message.ts';
import policy from './short-policy.json' with { type: 'json' };

/** What of a state depends neither on the receiver's clock nor on how often something came. */
const settled = (state: CylinderState | undefined) => {
  if (state === undefined) return null;
  const {
    notified,
    lastSeenAt: _seen,
    liveness: _heard,
    judging: _judged,
    lateSamples: _late,
    evaluatedMsSinceTick: _ticked,
    ...rest
  } = state;
  return { ...rest, notified: notified === null ? null : { ...notified, remindedAt: 0 } };
};

type States = ReadonlyMap<string, Readonly<{ record: Readonly<{ alarm: CylinderState }> }>>;

export const settledStates = (states: States, cylinders: readonly string[]) =>
  Object.fromEntries(cylinders.map((name) => [name, settled(states.get(name)?.record.alarm)]));

/** The states that messages lead to, each once and in order, without any cloud. */
export const expectedStates = async (messages: readonly LineMessage[], cylinders: readonly string[]) => {
  const reading = readPolicyBook(policy);
  if (!reading.ok) throw new Error('the policy of the test is none');
  const ledger = memoryLedger();
  const watch = evaluateSamples({ ledger, policies: reading.book });
  const receivedAt = Date.now();
  for (const { topic, payload } of messages) {
    await watch([received({ topic, body: Buffer.from(payload), receivedAt, client: null })]);
  }
  return settledStates(await ledger.cylinders(cylinders), cylinders);
};
