import { readDesired } from '../domain/twin/read-desired.ts';
import { applyCommand } from './apply-command.ts';
import type { LedgerPorts } from './ledger/change-cylinders.ts';
import { overridePolicy } from './override-policy.ts';

/** What a person set as desired; `receivedAt` in ms. */
export type Asked = Readonly<{
  thing: string;
  desired: Readonly<Record<string, unknown>> | null;
  receivedAt: number;
}>;

/** Carries out what a person set in the desired state of a twin, one thing after the other. `receivedAt` in ms. */
export const applyDesiredState = (ports: LedgerPorts) => {
  const command = applyCommand(ports);
  const override = overridePolicy(ports);
  return async ({ thing, desired, receivedAt }: Asked): Promise<void> => {
    const { commands, policy } = readDesired(desired ?? {});
    for (const one of commands) await command(thing, one, receivedAt);
    if (policy !== undefined) await override(thing, policy, receivedAt);
  };
};
