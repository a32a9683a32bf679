import { textTable } from '../local/console/screen.ts';
import type { Alternative, Cost, CurvePoint } from './cost.ts';
import { DIRECT_LACKS, type Plan } from './plan.ts';
import { streamOf } from './traffic.ts';

/** Dollars with as many digits as say something: $1,234, $12.30, $0.0450. */
const money = (dollars: number): string => {
  const digits = Math.abs(dollars) >= 100 ? 0 : Math.abs(dollars) >= 1 ? 2 : 4;
  const text = Math.abs(dollars).toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${dollars < 0 ? '-' : ''}$${text}`;
};

/** A price of one unit, down to what Lambda asks for a second. */
const unitMoney = (dollars: number): string => {
  const isWholeCents = Math.abs(dollars * 100 - Math.round(dollars * 100)) < 1e-9;
  return `$${isWholeCents ? dollars.toFixed(2) : dollars.toLocaleString('en-US', { maximumSignificantDigits: 6 })}`;
};

/** A number of units. */
const quantity = (count: number): string => {
  const digits = count >= 100 ? 0 : count >= 1 ? 1 : 4;
  return count.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
};

const planLine = (plan: Plan): string => {
  const each = plan.samplePeriodMs === 1000 ? 'a second' : `in ${plan.samplePeriodMs / 1000} s`;
  const stream = streamOf(plan);
  const shards = stream.shards === 1 ? '1 shard' : `${stream.shards} shards`;
  const ingest =
    plan.ingest === 'direct'
      ? 'ingest direct'
      : `ingest stream (${shards}, batches of ${quantity(stream.windowMs / 1000)} s)`;
  return (
    `${plan.cylinders} cylinders, a sample ${each}, ${plan.edgeBatch} a message; ${ingest}, ` +
    `publish ${plan.publish}, store ${plan.store}`
  );
};

/** Whose bill it is not: a gateway publishes through the broker until it is told the rule. */
const publishLines = ({ publish }: Plan): readonly string[] =>
  publish === 'topic'
    ? []
    : [
        'Gateways publish to the rule, past the broker (Basic Ingest), once they are told its name (docs/cost.md); until then it is --publish topic.',
      ];

const bill = ({ items, total, plan }: Cost): readonly string[] =>
  textTable(
    [
      ['', '', 'units', '', 'a unit', 'a month', 'a cylinder', 'share'],
      ...items.map((item) => [
        item.service,
        item.what,
        quantity(item.count),
        item.unit,
        unitMoney(item.unitPrice),
        money(item.total),
        money(item.perCylinder),
        `${Math.round((100 * item.total) / total)} %`,
      ]),
      ['Total', '', '', '', '', money(total), money(total / plan.cylinders), ''],
    ],
    ['left', 'left', 'right', 'left', 'right', 'right', 'right', 'right'],
  );

const dominance = ({ items, total }: Cost): string => {
  const names = items
    .toSorted((a, b) => b.total - a.total)
    .slice(0, 3)
    .map((item) => `${item.service} ${item.what} (${Math.round((100 * item.total) / total)} %)`);
  return `What dominates: ${names.join(', ')}.`;
};

const adviceLines = ({ alternatives, total }: Cost): readonly string[] => {
  const row = ({ option, why, saving }: Alternative): string[] => [
    ` ${option}`,
    `${saving > 0 ? '-' : '+'}${money(Math.abs(saving))}`,
    `${Math.round((100 * Math.abs(saving)) / total)} %`,
    why,
  ];
  const cheaper = alternatives.filter(({ saving }) => saving > 0);
  const dearer = alternatives.filter(({ saving }) => saving < 0);
  const lines = textTable([...cheaper, ...dearer].map(row), ['left', 'right', 'right', 'left']);
  return [
    cheaper.length > 0 ? 'What would lower it:' : 'Nothing that can be chosen here would lower it.',
    ...lines.slice(0, cheaper.length),
    ...(dearer.length > 0 ? ['What would raise it:', ...lines.slice(cheaper.length)] : []),
  ];
};

const months = (count: number): string => (count === 1 ? 'one month' : `${count} months`);

const memoryLine = ({ items, plan: { store, memoryHours } }: Cost): readonly string[] => {
  const total = items.find(({ what }) => what === 'memory store')?.total ?? 0;
  return store === 'timestream'
    ? [
        `Samples of ${memoryHours} h lie in Timestream's memory store for ${money(total)} a month; what a gateway sends later than that can be read after up to six hours.`,
      ]
    : [];
};

const BAR = 24;

const curveLines = ({ curve }: Cost): readonly string[] => {
  const cheapest = ({ direct, stream }: CurvePoint): number => Math.min(direct, stream);
  // The bar grows with the logarithm: one cylinder may cost a hundred times as much as one of thousands.
  const logs = curve.map((point) => Math.log(cheapest(point) / point.cylinders));
  const low = Math.min(...logs);
  const span = Math.max(...logs) - low || 1;
  const rows = curve.map((point, index) => [
    point.cylinders.toLocaleString('en-US'),
    money(point.direct),
    money(point.direct / point.cylinders),
    money(point.stream),
    money(point.stream / point.cylinders),
    '█'.repeat(1 + Math.round((((logs[index] ?? low) - low) / span) * BAR)),
  ]);
  const head = ['cylinders', 'direct', 'a cylinder', 'stream', 'a cylinder', 'the cheaper one, a cylinder'];
  return textTable([head, ...rows], ['right', 'right', 'right', 'right', 'right', 'left']);
};

/** The price of a plan for people: the bill, what dominates, what would change it, and the curve. */
export const costReport = (cost: Cost): string =>
  [
    planLine(cost.plan),
    ...publishLines(cost.plan),
    ...(cost.plan.ingest === 'direct' ? [`direct has ${DIRECT_LACKS}.`] : []),
    `List prices of ${cost.date} in ${cost.region}, US dollars, a month of 30 days; no free tier, taxes or data transfer.`,
    '',
    ...bill(cost),
    '',
    dominance(cost),
    `Samples of ${months(cost.plan.monthsKept)} lie in the store; each month more adds ${money(cost.anotherMonth)} a month.`,
    ...memoryLine(cost),
    ...adviceLines(cost),
    '',
    ...curveLines(cost),
    '',
  ].join('\n');
