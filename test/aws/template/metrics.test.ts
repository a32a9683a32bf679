import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as v from 'valibot';
import { resourcesMade } from './fragment.ts';
import { METRICS } from './metrics.ts';

/** A metric as an alarm or a chart names it. */
type Watched = Readonly<{ what: string; namespace: string; metric: string; dimensions: readonly string[] }>;

const alarmProperties = v.union([
  v.object({
    Namespace: v.string(),
    MetricName: v.string(),
    Dimensions: v.array(v.object({ Name: v.string(), Value: v.unknown() })),
  }),
  v.object({
    Metrics: v.tuple([v.object({ Expression: v.object({ 'Fn::Sub': v.string() }), Period: v.number() })]),
  }),
]);

/** A query of an alarm: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html */
const QUERY = /^SELECT SUM\((\w+)\) FROM SCHEMA\("([\w/]+)", ([\w, ]+)\) WHERE [\w ='$.{}]+$/;

const watchedBy = (what: string, properties: unknown): Watched => {
  const read = v.parse(alarmProperties, properties);
  if ('Namespace' in read) {
    const { Namespace, MetricName, Dimensions } = read;
    return { what, namespace: Namespace, metric: MetricName, dimensions: Dimensions.map(({ Name }) => Name) };
  }
  const [, metric = '', namespace = '', dimensions = ''] =
    QUERY.exec(read.Metrics[0].Expression['Fn::Sub']) ?? [];
  return { what, namespace, metric, dimensions: dimensions.split(', ') };
};

const dashboard = v.object({
  DashboardBody: v.object({
    'Fn::Sub': v.pipe(
      v.string(),
      v.parseJson(),
      v.object({
        widgets: v.array(
          v.object({
            properties: v.object({ title: v.string(), metrics: v.array(v.array(v.string())) }),
          }),
        ),
      }),
    ),
  }),
});

const chartedBy = (properties: unknown): readonly Watched[] =>
  v
    .parse(dashboard, properties)
    .DashboardBody['Fn::Sub'].widgets.flatMap(({ properties: { title, metrics } }) =>
      metrics.map(([namespace = '', metric = '', ...pairs]) => ({
        what: title,
        namespace,
        metric,
        dimensions: pairs.filter((_, index) => index % 2 === 0),
      })),
    );

const WAYS = ['direct', 'stream'].flatMap((ingest) =>
  ['timestream', 'lake', 'existing'].map((store) => ({
    'sls:stage': 'dev',
    'param:ingest': ingest,
    'param:store': store,
    'param:silenceMinutes': '15',
    'param:canary': 'on',
    'param:desk': 'on',
    'self:custom.alerts.topicArn': 'arn:aws:sns:us-east-1:123456789012:plant',
  })),
);

const watched = (
  await Promise.all(
    WAYS.map(async (variables) => {
      const alarms = await resourcesMade('alarms', variables);
      const { Dashboard } = await resourcesMade('dashboard', variables);
      return [
        ...Object.entries(alarms).map(([name, { Properties }]) => watchedBy(name, Properties)),
        ...chartedBy(Dashboard?.Properties),
      ];
    }),
  )
).flat();

/** What the functions count themselves, under the one dimension that Powertools gives every metric. */
const OWN = new Set(
  globSync('functions/*/handler.ts', { cwd: new URL('../../../', import.meta.url) }).flatMap((path) =>
    [
      ...readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8').matchAll(/addMetric\('(\w+)'/g),
    ].map(([, name]) => name),
  ),
);

const isDocumented = ({ namespace, metric, dimensions }: Watched): boolean => {
  const given = dimensions.toSorted().join();
  if (namespace === 'CylinderSentinel') return OWN.has(metric) && given === 'service';
  return (METRICS[namespace] ?? []).some(
    ({ names, dimensions: sets }) =>
      names.includes(metric) && sets.some((set) => set.toSorted().join() === given),
  );
};

test('every alarm and every chart is of a metric under dimensions that its service documents', () => {
  assert.ok(watched.length > 200);
  assert.deepEqual(
    watched.filter((one) => !isDocumented(one)),
    [],
  );
});

test('a dimension too few, too many or misspelt is found', () => {
  const timestream = { what: 'x', namespace: 'AWS/Timestream', metric: 'MagneticStoreRejectedRecordCount' };
  assert.ok(isDocumented({ ...timestream, dimensions: ['TableName', 'DatabaseName', 'Operation'] }));
  assert.ok(!isDocumented({ ...timestream, dimensions: ['TableName', 'DatabaseName'] }));
  assert.ok(
    !isDocumented({ ...timestream, dimensions: ['TableName', 'DatabaseName', 'Operation', 'Region'] }),
  );
  assert.ok(!isDocumented({ ...timestream, dimensions: ['Table', 'DatabaseName', 'Operation'] }));
});

test('throttling is watched on the ledger, and that of its writes on each of its indexes', () => {
  const ledger = readFileSync(new URL('../../../infra/ledger.yml', import.meta.url), 'utf8');
  const indexes = [...ledger.matchAll(/IndexName: (\S+)/g)].map(([, name]) => name);
  assert.equal(indexes.length, 2);
  const alarmsOn = (metric: string) =>
    watched.filter((one) => one.metric === metric && one.what.endsWith('Alarm')).length / WAYS.length;
  assert.equal(alarmsOn('ReadThrottleEvents'), 1);
  assert.equal(alarmsOn('WriteThrottleEvents'), 1 + indexes.length);
});

test('no metric is documented here that nothing watches', () => {
  const names = new Set(watched.map(({ namespace, metric }) => `${namespace} ${metric}`));
  assert.deepEqual(
    Object.entries(METRICS)
      .flatMap(([namespace, metrics]) =>
        metrics.flatMap(({ names: some }) => some.map((name) => `${namespace} ${name}`)),
      )
      .filter((name) => !names.has(name)),
    [],
  );
});
