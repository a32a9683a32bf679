import type { CommandType } from '../../domain/alarm/commands/command.ts';
import { isOpenCondition } from '../../domain/alarm/state/output.ts';
import { rangeOf } from '../../domain/cylinder/baseline.ts';
import type { CylinderRecord, GatewayRecord } from '../../domain/cylinder/cylinder-record.ts';
import { SENSOR_UNITS, SENSORS } from '../../domain/message/sample.ts';
import { CANARY } from '../../domain/message/topic.ts';
import { healthOf, qualityOf, suppressionOf } from '../../domain/twin/build-twin.ts';
import type { cylinderAnswer, FleetRow, fleetAnswer, Sent } from './schemas.ts';

/** A cylinder as a line of the fleet, at `now`, ms. */
export const fleetRowOf = (
  name: string,
  record: CylinderRecord,
  now: number,
  staleAfterMs: number,
): FleetRow => {
  const { alarm, statistics } = record;
  const open = isOpenCondition(alarm.condition) ? alarm.incident : null;
  const quality = qualityOf(record, now, staleAfterMs);
  const unseen =
    quality === 'unwatched'
      ? (alarm.judging.unwatched?.since ?? null)
      : quality === 'stale' || quality === 'offline'
        ? alarm.lastSeenAt
        : null;
  return {
    cylinder: name,
    gateway: alarm.gateway,
    condition: alarm.condition,
    severity: open?.severity ?? null,
    since: open?.beganAt ?? unseen,
    incident: open?.id ?? null,
    acknowledgedBy: open?.acknowledgedBy ?? null,
    quality,
    suppression: suppressionOf(alarm, now),
    health: statistics === null ? null : healthOf(statistics),
    lastSeen: alarm.lastSeenAt,
    probability: statistics?.last.probability ?? null,
  };
};

const NOBODY_WATCHES = 1;
const RANKS: Readonly<Record<FleetRow['quality'], number>> = {
  offline: NOBODY_WATCHES,
  unwatched: NOBODY_WATCHES,
  stale: NOBODY_WATCHES,
  thin: 3,
  partial: 4,
  good: 4,
};

/** What comes first on a list that is read from its top, 0 before all else. */
const rankOf = ({ incident, suppression, quality, condition }: FleetRow): number => {
  if (incident !== null && suppression === null) return 0;
  if (RANKS[quality] === NOBODY_WATCHES && suppression === null) return NOBODY_WATCHES;
  if (incident !== null) return 2;
  return condition === 'SUSPECT' ? 3 : RANKS[quality];
};

/** The lines of a fleet, the worst first: by what it is, unacknowledged first, by severity, and the oldest of those alike. */
const worstFirst = (rows: readonly FleetRow[], severities: readonly string[]): readonly FleetRow[] =>
  rows
    .map((row) => ({
      row,
      rank: rankOf(row),
      seen: row.acknowledgedBy === null ? 0 : 1,
      severity: row.severity === null ? -1 : severities.indexOf(row.severity),
    }))
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        b.severity - a.severity ||
        a.seen - b.seen ||
        (a.row.since ?? 0) - (b.row.since ?? 0) ||
        (a.row.cylinder < b.row.cylinder ? -1 : 1),
    )
    .map(({ row }) => row);

type Fleet = Pick<Sent<typeof fleetAnswer>, 'rows' | 'gateways'>;

/** All cylinders and gateways of the plant; `severities` ascend. */
export const fleetOf = (
  cylinders: ReadonlyMap<string, CylinderRecord>,
  gateways: ReadonlyMap<string, GatewayRecord>,
  at: Readonly<{
    now: number;
    staleAfterMs: (name: string, record: CylinderRecord) => number;
    severities: readonly string[];
  }>,
): Fleet => ({
  rows: worstFirst(
    [...cylinders]
      .filter(([name]) => name !== CANARY)
      .map(([name, record]) => fleetRowOf(name, record, at.now, at.staleAfterMs(name, record))),
    at.severities,
  ),
  gateways: [...gateways]
    .filter(([name]) => name !== CANARY)
    .map(([name, { offline, lastHeardAt }]) => ({
      name,
      offlineSince: offline?.lastHeardAt ?? null,
      lastHeardAt,
    })),
});

/** What each sensor says, what is usual for it, and how it contributes to the probability. */
export const sensorsOf = ({ statistics }: CylinderRecord): Sent<typeof cylinderAnswer>['sensors'] =>
  SENSORS.map((sensor, index) => {
    const known = statistics?.baselines[index];
    const usual = known === undefined ? null : rangeOf(known);
    return {
      sensor,
      unit: SENSOR_UNITS[sensor].unit,
      value: statistics?.last.values[index] ?? null,
      low: usual?.low ?? null,
      high: usual?.high ?? null,
      why: statistics?.last.why?.[index] ?? null,
    };
  });

/** The commands that would be taken of an incident now: only the latest one can be spoken of. */
export const allowedFor = (
  incident: string,
  { alarm }: CylinderRecord,
  now: number,
): readonly CommandType[] => {
  if (alarm.incident?.id !== incident) return [];
  const isOpen = isOpenCondition(alarm.condition);
  const isShelved = alarm.shelf !== null && now < alarm.shelf.until;
  return [
    'ack',
    ...(isOpen ? (['shelve'] as const) : []),
    ...(isShelved ? (['unshelve'] as const) : []),
    'maintenance',
    'close',
  ];
};
