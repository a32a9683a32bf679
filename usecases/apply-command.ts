import type { Command } from '../domain/alarm/commands/command.ts';
import { changeCylinders, type LedgerPorts } from './ledger/change-cylinders.ts';

/** Carries out what a person asked of a cylinder, or refuses it where the twin shows why. `receivedAt` in ms. */
export const applyCommand =
  (ports: LedgerPorts) =>
  (cylinder: string, command: Command, receivedAt: number): Promise<void> =>
    changeCylinders(ports, [cylinder], () => [{ kind: 'command', receivedAt, command }]);
