import type { CylinderRecord } from '../domain/cylinder/cylinder-record.ts';
import { policyFor, refreshTwin, withOverrides } from '../domain/fold/fold-record.ts';
import type { LedgerPorts } from './ledger/change-cylinders.ts';
import { saveUntilSettled } from './ledger/save-until-settled.ts';

type Overrides = CylinderRecord['overrides'];

/** Overrides as a shadow merges them: what is set stays until it is set anew or taken back with null. */
const mergedOverrides = (before: NonNullable<Overrides>, added: NonNullable<Overrides>): Overrides => {
  const kept = Object.entries({ ...before, ...added }).filter(([, value]) => value !== null);
  return kept.length === 0 ? null : Object.fromEntries(kept);
};

/**
 * Lays fields of the policy over what holds for one cylinder, or takes them back (null). Overrides that do not make a
 * policy are refused where the twin shows why; a cylinder that was never seen has nothing to override.
 */
export const overridePolicy =
  ({ ledger, policies }: LedgerPorts) =>
  (cylinder: string, overrides: Overrides, receivedAt: number): Promise<void> =>
    saveUntilSettled(ledger, [cylinder], async () => {
      const before = (await ledger.cylinders([cylinder])).get(cylinder);
      if (before === undefined) return [];
      const merged = overrides === null ? null : mergedOverrides(before.record.overrides ?? {}, overrides);
      const reading = policies.read(cylinder, merged ?? {});
      const fault = reading.ok
        ? null
        : reading.faults.map(({ field, message }) => `${field} ${message}`).join('; ');
      const changed = withOverrides(before.record, merged, fault, receivedAt);
      const { record, twin } = refreshTwin(changed, receivedAt, policyFor(policies, cylinder, changed));
      return [
        {
          kind: 'cylinder',
          name: cylinder,
          expected: before.version,
          record,
          notices: [],
          transitions: [],
          incidents: [],
          twin,
        },
      ];
    });
