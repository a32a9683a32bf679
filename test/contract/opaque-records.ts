import { DEFAULT_POLICY } from '../../domain/alarm/policy/policy.ts';
import { openContext } from '../../domain/alarm/state/fold-context.ts';
import type { AlarmOutput } from '../../domain/alarm/state/output.ts';
import type { CylinderRecord, GatewayRecord } from '../../domain/cylinder/cylinder-record.ts';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import type { TwinReport } from '../../domain/twin/build-twin.ts';
import type { CylinderChange, GatewayChange } from '../../usecases/ports/ledger.ts';
import { incidentRecord } from '../fixture/incident-record.ts';

/** A record with nothing in it but a label, when it is due and by which gateway it came. */
export const cylinderRecord = (
  label: string,
  { dueAt = null, gateway = null }: Readonly<{ dueAt?: number | null; gateway?: string | null }> = {},
): CylinderRecord => ({
  alarm: { ...openContext('', null, 0, DEFAULT_POLICY).state, gateway },
  statistics: null,
  commands: {},
  refused: null,
  lastCommands: [],
  overrides: { label, list: [1, null, { deep: 'ü' }] },
  twinAt: 0,
  twinKey: label,
  dueAt,
  restsUntil: null,
});

/** A number for each label: nothing else in a gateway's record can tell one from another. */
const numberOf = (label: string): number =>
  [...label].reduce((sum, character) => (sum * 131 + (character.codePointAt(0) ?? 0)) % 1e9, 7);

export const gatewayRecord = (label: string, dueAt: number | null = null): GatewayRecord => ({
  lastHeardAt: numberOf(label),
  heardSince: 0,
  offline: null,
  offlineTimes: [],
  dueAt,
});

export const notice = (label: string): Notice => ({
  output: {
    kind: 'notice',
    cylinder: 'cyl-07',
    id: label,
    type: 'RAISED',
    incident: label,
    severity: 'warning',
    at: 1,
  },
  facts: null,
});

export const transition = (label: string): AlarmOutput => ({
  kind: 'severity',
  cylinder: 'cyl-07',
  t: 1,
  incident: label,
  severity: 'warning',
});

export const incident = (label: string): IncidentRecord =>
  incidentRecord({ id: label, gateway: null, beganAt: 1, raisedAt: 1 });

export const twin = (label: string): TwinReport => ({ label, list: [1, null, { deep: 'ü' }] });

/** A change of which a test names only what matters to it. */
export const cylinderChange = (fields: Partial<CylinderChange> = {}): CylinderChange => ({
  kind: 'cylinder',
  name: 'cyl-07',
  expected: 0,
  record: cylinderRecord('first'),
  notices: [],
  transitions: [],
  incidents: [],
  twin: null,
  ...fields,
});

/** A change of which a test names only what matters to it. */
export const gatewayChange = (fields: Partial<GatewayChange> = {}): GatewayChange => ({
  kind: 'gateway',
  name: 'line-3',
  expected: 0,
  record: gatewayRecord('first'),
  notices: [],
  ...fields,
});
