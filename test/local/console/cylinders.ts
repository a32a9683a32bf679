import type { CylinderRecord } from '../../../domain/cylinder/cylinder-record.ts';
import { foldRecord } from '../../../domain/fold/fold-record.ts';
import { SHORT_POLICY } from '../../fixture/alarm-policy.ts';
import { messageOf } from '../../fixture/received-message.ts';

/** The record of a cylinder that was seen so, one second a letter, `A` abnormal and `n` normal. */
export const cylinderAfter = (name: string, pattern: string): CylinderRecord => {
  const { raw, reading } = messageOf(name, pattern);
  const input = { kind: 'samples', receivedAt: raw.receivedAt, samples: reading.samples } as const;
  const { record } = foldRecord(name, null, input, SHORT_POLICY);
  if (record === null) throw new Error('a record of nothing');
  return record;
};
