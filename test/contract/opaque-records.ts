import type { AlarmOutput } from '../../domain/alarm/state/output.ts';
import type { CylinderRecord } from '../../domain/cylinder/cylinder-record.ts';
import type { GatewayRecord } from '../../domain/cylinder/gateway-record.ts';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import type { TwinReport } from '../../domain/twin/twin-report.ts';
import type { CylinderChange, GatewayChange } from '../../usecases/ports/ledger.ts';

// A ledger hardly looks into what it keeps, so that any JSON will do.
const json = (label: string, seen: object = {}): string =>
  JSON.stringify({ label, list: [1, null, { deep: 'ü' }], ...seen });

/** A record with nothing that a ledger looks at but when it is due and by which gateway it came. */
export const cylinderRecord = (
  label: string,
  { dueAt = null, gateway = null }: Readonly<{ dueAt?: number | null; gateway?: string | null }> = {},
): CylinderRecord =>
  JSON.parse(json(label, { dueAt, alarm: { gateway, condition: 'NORMAL', incident: null } }));
export const gatewayRecord = (label: string, dueAt: number | null = null): GatewayRecord =>
  JSON.parse(json(label, { dueAt }));
export const notice = (label: string): Notice => JSON.parse(json(label));
export const transition = (label: string): AlarmOutput => JSON.parse(json(label));
export const incident = (label: string): IncidentRecord => JSON.parse(json(label));
export const twin = (label: string): TwinReport => JSON.parse(json(label));

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
