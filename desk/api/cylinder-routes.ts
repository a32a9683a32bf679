import { policyFor } from '../../domain/cylinder/cylinder-record.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import { gatherFacts } from '../../domain/notice/gather-facts.ts';
import { buildTwin } from '../../domain/twin/build-twin.ts';
import { fleetOf, fleetRowOf, sensorsOf } from './describe-cylinder.ts';
import { ANY_INCIDENT, describeHistory, periodOf } from './describe-history.ts';
import type { DeskPorts } from './desk-ports.ts';
import * as requests from './requests.ts';
import { nothing, Otherwise, type Route, route } from './route.ts';
import * as schemas from './schemas.ts';

const HOUR_MS = 3_600_000;
const LATEST_INCIDENTS = 20;

const unknownCylinder = (): Otherwise =>
  new Otherwise(404, 'UnknownCylinder', 'there is no such cylinder: it appears with its first sample');

/** What the API shows of the fleet and of a cylinder. */
export const cylinderRoutes = (ports: DeskPorts): readonly Route[] => {
  const { view, policies, now, about } = ports;
  const historyOf = describeHistory(ports);
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
          incidents: await view.incidents({ ...ANY_INCIDENT, cylinder: name, limit: LATEST_INCIDENTS }),
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
      act: async ({ path, query }) => (await historyOf(path('name'), query)) ?? unknownCylinder(),
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
