import { ROLLUP_MS, readRollup } from '../../domain/cylinder/rollup.ts';
import { policyFor } from '../../domain/fold/fold-inputs.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import { gatherFacts } from '../../domain/notice/gather-facts.ts';
import { buildTwin } from '../../domain/twin/build-twin.ts';
import type { DeskQuestion } from '../../usecases/ports/desk-view.ts';
import { fleetOf, fleetRowOf, sensorsOf } from './describe-cylinder.ts';
import type { DeskPorts } from './desk-ports.ts';
import * as requests from './requests.ts';
import { nothing, Otherwise, type Route, route } from './route.ts';
import * as schemas from './schemas.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** No longer than roll-ups are kept. */
const MAX_HISTORY_MS = 8 * DAY_MS;
const LATEST_INCIDENTS = 20;

const ANY: Omit<DeskQuestion, 'limit'> = {
  cylinder: null,
  open: null,
  severity: null,
  outcome: null,
  from: null,
  to: null,
  after: null,
};

const unknownCylinder = (): Otherwise =>
  new Otherwise(404, 'UnknownCylinder', 'there is no such cylinder: it appears with its first sample');

/** The period that is asked for, no longer than `mostMs` and up to now where nothing else is said. */
const periodOf = (
  { from, to }: Readonly<{ from?: number | undefined; to?: number | undefined }>,
  now: number,
  mostMs: number,
) => {
  const end = to ?? now;
  return { from: Math.max(from ?? 0, end - mostMs), to: end };
};

/** What the API shows of the fleet and of a cylinder. */
export const cylinderRoutes = (ports: DeskPorts): readonly Route[] => {
  const { view, policies, now, about } = ports;
  const staleAfterMs = (name: string, record: Parameters<typeof policyFor>[2]): number =>
    policyFor(policies, name, record).staleAfterMs;

  return [
    route({
      method: 'get',
      path: '/api/fleet',
      summary: 'All cylinders, the worst first, and all gateways',
      query: nothing,
      body: nothing,
      answer: schemas.fleetAnswer,
      act: async () => {
        const at = now();
        const [cylinders, gateways] = await Promise.all([view.cylinders(), view.gateways()]);
        const severities = policies.default.levels.map(({ severity }) => severity);
        return {
          now: at,
          site: about.site,
          ...fleetOf(cylinders, gateways, { now: at, staleAfterMs, severities }),
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/cylinders/{name}',
      summary: 'One cylinder: its twin, its sensors against what is usual, its latest incidents',
      query: nothing,
      body: nothing,
      answer: schemas.cylinderAnswer,
      act: async ({ path }) => {
        const name = path('name');
        const record = await view.cylinder(name);
        if (record === null) return unknownCylinder();
        const [at, stale] = [now(), staleAfterMs(name, record)];
        return {
          now: at,
          twin: buildTwin(record, at, stale),
          sensors: sensorsOf(record),
          check:
            gatherFacts(record.alarm.incident?.id ?? null, record.alarm, record.statistics)?.advice ?? null,
          row: fleetRowOf(name, record, at, stale),
          incidents: await view.incidents({ ...ANY, cylinder: name, limit: LATEST_INCIDENTS }),
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/cylinders/{name}/history',
      summary:
        'What a cylinder measured in parts of five minutes, at most eight days, with its incidents and maintenance',
      query: requests.periodQuery,
      body: nothing,
      answer: schemas.historyAnswer,
      act: async ({ path, query }) => {
        const name = path('name');
        const record = await view.cylinder(name);
        if (record === null) return unknownCylinder();
        const { from, to } = periodOf(query, now(), MAX_HISTORY_MS);
        const incidents = await view.incidents({ ...ANY, cylinder: name, from, to, limit: 200 });
        const past = await view.rollups(name, from, to);
        const latest = readRollup(record.statistics?.rollup ?? '');
        const goingOn = latest === null || latest.t > to || latest.t + ROLLUP_MS <= from ? [] : [latest];
        const { maintenance, commandAt } = record.alarm;
        const threshold = policyFor(policies, name, record).threshold;
        return {
          from,
          to,
          step: ROLLUP_MS,
          rollups: [...past, ...goingOn],
          incidents,
          maintenance:
            maintenance === null ? [] : [{ from: commandAt.maintenance ?? now(), to: maintenance.until }],
          threshold,
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/cylinders/{name}/samples',
      summary: 'Every sample of a cylinder, of at most an hour, where the store has them',
      query: requests.periodQuery,
      body: nothing,
      answer: schemas.samplesAnswer,
      act: async ({ path, query }) => {
        const { from, to } = periodOf(query, now(), HOUR_MS);
        const samples = await view.samples(path('name'), from, to);
        return {
          samples: samples.map(({ t, probability, values }) => ({
            t,
            probability,
            ...Object.fromEntries(SENSORS.map((sensor, index) => [sensor, values[index] ?? null])),
          })),
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/cylinders/{name}/policy',
      summary: 'The policy in force for a cylinder, and what its twin overrides',
      query: nothing,
      body: nothing,
      answer: schemas.policyAnswer,
      act: async ({ path }) => {
        const record = await view.cylinder(path('name'));
        if (record === null) return unknownCylinder();
        return { policy: { ...policyFor(policies, path('name'), record) }, overrides: record.overrides };
      },
    }),
  ];
};
