import type { RecordInput } from '../domain/fold/fold-inputs.ts';
import { readDesired } from '../domain/twin/desired.ts';
import { changeCylinders } from './ledger/change-records.ts';
import type { LedgerPorts } from './ports/ledger.ts';

/** What a person set as desired; `receivedAt` in ms. */
export type Asked = Readonly<{
  thing: string;
  desired: Readonly<Record<string, unknown>> | null;
  receivedAt: number;
}>;

/**
 * Carries out what a person set in the desired state of a twin, commands and then overrides of the policy, as one change
 * of its cylinder. What cannot be carried out is refused where the twin shows why. Of a cylinder that this ledger never
 * heard of nothing is kept and nothing said: every deployment of an account and region is told of every twin in it, and
 * only the one whose cylinder it is may answer.
 */
export const applyDesiredState =
  (ports: LedgerPorts) =>
  async ({ thing, desired, receivedAt }: Asked): Promise<void> => {
    const { commands, policy: overrides } = readDesired(desired ?? {});
    const inputs: readonly RecordInput[] = [
      ...commands.map((command) => ({ kind: 'command', receivedAt, command }) as const),
      ...(overrides === undefined ? [] : [{ kind: 'overrides', receivedAt, overrides } as const]),
    ];
    if (inputs.length === 0) return;
    await changeCylinders(ports, [thing], (_, before) => (before === undefined ? [] : inputs));
  };
