import { ROLLUP_MS } from '../domain/cylinder/rollup.ts';
import {
  ACCESS_LOG_BYTES,
  CANARY_EVERY_S,
  CANARY_MS,
  DESK_ALARMS,
  DESK_MS,
  INDEX_ENTRY_BYTES,
  LAMBDA_MEMORY_GB,
  LEDGER_FLOOR,
  LEDGER_UTILISATION,
  LINE_READ_EVERY_S,
  LOG_BYTES,
  NOTIFY_MS,
  PAGE_ASKS_S,
  RECENT_READ_UNITS,
  STORE_MS,
  WATCH_MS,
} from './assumed.ts';
import { type Calls, callsOf } from './calls.ts';
import { CANARY_READ_UNITS, CANARY_WRITE_UNITS } from './function-calls.ts';
import type { Plan } from './plan.ts';
import list from './prices.json' with { type: 'json' };
import { MONTH_S } from './traffic.ts';

/** List prices of one region on one day, US dollars, each with the page that says it. */
export type PriceList = typeof list;
type PriceName = keyof PriceList['prices'];

/** The list prices that come with this program. */
export const PRICE_LIST: PriceList = list;

/** One line of the bill: so many units at a price each, US dollars a month. */
export type LineItem = Readonly<{
  service: string;
  what: string;
  count: number;
  unit: string;
  unitPrice: number;
  total: number;
  perCylinder: number;
}>;

type Row = readonly [service: string, what: string, count: number, unit: string, price: PriceName];

const MILLION = 1e6;
const HOURS = MONTH_S / 3600;

const sum = (numbers: Readonly<Record<string, number>>): number =>
  Object.values(numbers).reduce((total, one) => total + one, 0);

/** Units of provisioned capacity for so many units in a month, as auto scaling leaves them, in unit-hours. */
const provisioned = (units: number, floor: number): number =>
  Math.max(floor, Math.ceil(units / MONTH_S / LEDGER_UTILISATION)) * HOURS;

const ledgerRows = ({ ledger }: Plan, calls: Calls): readonly Row[] => {
  const { ledgerWriteUnits, ledgerIndexWriteUnits, ledgerReadUnits, ledgerGbMonths } = calls;
  const storage: Row = ['DynamoDB', 'ledger, storage', ledgerGbMonths, 'GB-month', 'dynamoGbMonth'];
  const all = ledgerWriteUnits + ledgerIndexWriteUnits;
  if (ledger === 'on-demand')
    return [
      ['DynamoDB', 'ledger, writes', all / MILLION, 'M write units', 'dynamoMillionWriteUnits'],
      ['DynamoDB', 'ledger, reads', ledgerReadUnits / MILLION, 'M read units', 'dynamoMillionReadUnits'],
      storage,
    ];
  const { table, byDue, byGateway, indexReads } = LEDGER_FLOOR;
  // Capacity is bought for the table and for each of its two indexes by itself.
  const writes =
    provisioned(ledgerWriteUnits, table) +
    provisioned(ledgerIndexWriteUnits, byDue) +
    provisioned(0, byGateway);
  const reads = provisioned(ledgerReadUnits, table) + 2 * provisioned(0, indexReads);
  return [
    ['DynamoDB', 'ledger, writes', writes, 'unit-hours', 'dynamoWriteUnitHour'],
    ['DynamoDB', 'ledger, reads', reads, 'unit-hours', 'dynamoReadUnitHour'],
    storage,
  ];
};

const rows = (plan: Plan, calls: Calls): readonly Row[] => [
  ['IoT Core', 'messages', calls.iotMessages / MILLION, 'M of 5 KB', 'iotMillionMessages'],
  ['IoT Core', 'echoes of gateways', calls.echoMessages / MILLION, 'M of 5 KB', 'iotMillionMessages'],
  [
    'IoT Core',
    'connections',
    calls.iotConnectionMinutes / MILLION,
    'M minutes',
    'iotMillionConnectionMinutes',
  ],
  ['IoT Core', 'rules triggered', calls.ruleTriggers / MILLION, 'M', 'iotMillionRuleTriggers'],
  ['IoT Core', 'rule actions', calls.ruleActions / MILLION, 'M', 'iotMillionRuleActions'],
  ['IoT Core', 'shadow updates', calls.shadowOperations / MILLION, 'M of 1 KB', 'iotMillionShadowOperations'],
  ['Kinesis', 'shards', calls.kinesisShardHours, 'shard-hours', 'kinesisShardHour'],
  ['Kinesis', 'records', calls.kinesisPutUnits / MILLION, 'M of 25 KB', 'kinesisMillionPutUnits'],
  ['Lambda', 'invocations', sum(calls.lambdaInvocations) / MILLION, 'M', 'lambdaMillionRequests'],
  ['Lambda', 'time, arm64', sum(calls.lambdaGbSeconds), 'GB-s', 'lambdaArmGbSecond'],
  ...ledgerRows(plan, calls),
  ['Timestream', 'writes', calls.timestreamWrites / MILLION, 'M of 1 KB', 'timestreamMillionWrites'],
  ['Timestream', 'memory store', calls.timestreamMemoryGbHours, 'GB-hours', 'timestreamMemoryGbHour'],
  ['Timestream', 'magnetic store', calls.timestreamMagneticGbMonths, 'GB-month', 'timestreamMagneticGbMonth'],
  ['Firehose', 'samples', calls.firehoseGb, 'GB', 'firehoseGb'],
  ['Firehose', 'conversion to Parquet', calls.firehoseGb, 'GB', 'firehoseConversionGb'],
  ['S3', 'Parquet', calls.lakeGbMonths, 'GB-month', 's3GbMonth'],
  ['S3', 'files written', calls.lakePuts / 1000, 'thousand', 's3ThousandPuts'],
  ['SNS', 'notices', calls.snsPublishes / MILLION, 'M', 'snsMillionPublishes'],
  ['SNS', 'e-mails', calls.snsEmails / 1000, 'thousand', 'snsThousandEmails'],
  ['SNS', 'text messages', calls.snsSms, 'SMS, USA', 'snsSms'],
  ['CloudWatch', 'logs', calls.logGb, 'GB', 'cloudwatchLogGb'],
  ['CloudWatch', 'metrics', calls.customMetrics, 'metrics', 'cloudwatchMetric'],
  ['CloudWatch', 'alarms', calls.alarms, 'alarms', 'cloudwatchAlarm'],
  ['CloudWatch', 'dashboards', calls.dashboards, 'dashboards', 'cloudwatchDashboard'],
  ['X-Ray', 'traces', calls.traces / MILLION, 'M', 'xrayMillionTraces'],
];

/**
 * The canary as one line, its alarm with it: each round as if it went alone, since a batch that others are in may not
 * come, and its ledger by the request.
 */
const canaryItems = (plan: Plan, { prices }: PriceList): readonly LineItem[] => {
  if (plan.canary === 'off') return [];
  const count = MONTH_S / CANARY_EVERY_S;
  // Its own function, store, watch and notify.
  const ms = CANARY_MS + STORE_MS.invocation + WATCH_MS.invocation + WATCH_MS.cylinder + 4 * NOTIFY_MS;
  const millionths: readonly (readonly [units: number, price: PriceName])[] = [
    [1, 'iotMillionMessages'],
    [1, 'iotMillionRuleTriggers'],
    [plan.ingest === 'direct' ? 2 : 1, 'iotMillionRuleActions'],
    [plan.ingest === 'direct' ? 0 : 1, 'kinesisMillionPutUnits'],
    [4, 'lambdaMillionRequests'],
    [CANARY_WRITE_UNITS, 'dynamoMillionWriteUnits'],
    [CANARY_READ_UNITS, 'dynamoMillionReadUnits'],
    [2, 'snsMillionPublishes'],
    [plan.tracing === 'on' ? 4 : 0, 'xrayMillionTraces'],
  ];
  const round =
    millionths.reduce((sum, [units, price]) => sum + (units / MILLION) * prices[price].price, 0) +
    (ms / 1000) * LAMBDA_MEMORY_GB * prices.lambdaArmGbSecond.price +
    ((4 * LOG_BYTES) / 2 ** 30) * prices.cloudwatchLogGb.price;
  const unitPrice = round + prices.cloudwatchAlarm.price / count;
  const total = count * unitPrice;
  return [
    {
      service: 'Canary',
      what: 'rounds, with their alarm',
      count,
      unit: 'rounds',
      unitPrice,
      total,
      perCylinder: total / plan.cylinders,
    },
  ];
};

/** What a roll-up takes with its keys and what DynamoDB adds to each item, bytes; and for how long one is kept. */
const ROLLUP_ITEM_BYTES = 260;
const ROLLUP_DAYS = 8;
const ROLLUPS_A_DAY = 86_400_000 / ROLLUP_MS;

/** What pages that are open all the time cost: their requests, and reading the line anew, once for all who look. */
const pageRows = ({ openPages, cylinders, cylindersPerGateway, ledger, tracing }: Plan): readonly Row[] => {
  if (openPages === 0) return [];
  const fleets = (openPages * MONTH_S) / PAGE_ASKS_S.fleet;
  const requests = fleets + (openPages * MONTH_S) / PAGE_ASKS_S.system;
  const ms = requests * DESK_MS.request + fleets * cylinders * DESK_MS.cylinder;
  const records = cylinders + Math.ceil(cylinders / cylindersPerGateway);
  // An entry of an index counts a hundred bytes more than it holds.
  const entries = (2 * records * (INDEX_ENTRY_BYTES + 100)) / 4096;
  const { states, names } = LINE_READ_EVERY_S;
  const reads = MONTH_S * RECENT_READ_UNITS * (records / states + entries / names);
  const isByRequest = ledger === 'on-demand';
  return [
    ['Desk', 'requests of open pages', requests / MILLION, 'M', 'apiMillionRequests'],
    ['Desk', 'invocations', requests / MILLION, 'M', 'lambdaMillionRequests'],
    ['Desk', 'time, arm64', (ms / 1000) * LAMBDA_MEMORY_GB, 'GB-s', 'lambdaArmGbSecond'],
    isByRequest
      ? ['Desk', 'ledger, reads', reads / MILLION, 'M read units', 'dynamoMillionReadUnits']
      : ['Desk', 'ledger, reads', provisioned(reads, 0), 'unit-hours', 'dynamoReadUnitHour'],
    ['Desk', 'logs', (requests * (LOG_BYTES + ACCESS_LOG_BYTES)) / 2 ** 30, 'GB', 'cloudwatchLogGb'],
    ['Desk', 'traces', tracing === 'on' ? requests / MILLION : 0, 'M', 'xrayMillionTraces'],
  ];
};

/**
 * What the desk costs: a write for each five minutes of a cylinder, what is kept of them, a key, its alarms, and the pages
 * that are open.
 */
const deskRows = (plan: Plan): readonly Row[] => {
  const { desk, cylinders } = plan;
  if (desk === 'off') return [];
  const writes = (cylinders * MONTH_S * 1000) / ROLLUP_MS;
  const kept = (cylinders * ROLLUP_DAYS * ROLLUPS_A_DAY * ROLLUP_ITEM_BYTES) / 1e9;
  return [
    ['Desk', 'roll-ups, writes', writes / MILLION, 'M write units', 'dynamoMillionWriteUnits'],
    ['Desk', 'roll-ups, storage', kept, 'GB-month', 'dynamoGbMonth'],
    ['Desk', 'key of links', 1, 'keys', 'kmsKeyMonth'],
    ['Desk', 'alarms', DESK_ALARMS, 'alarms', 'cloudwatchAlarm'],
    ...pageRows(plan),
  ];
};

/** The bill of a month of a plan, a line for everything that costs something. */
export const lineItems = (plan: Plan, list: PriceList): readonly LineItem[] => [
  ...[...rows(plan, callsOf(plan)), ...deskRows(plan)].flatMap(([service, what, count, unit, name]) => {
    if (count === 0) return [];
    const unitPrice = list.prices[name].price;
    const total = count * unitPrice;
    return [{ service, what, count, unit, unitPrice, total, perCylinder: total / plan.cylinders }];
  }),
  ...canaryItems(plan, list),
];

/** What a month of a plan costs, US dollars. */
export const monthlyTotal = (plan: Plan, prices: PriceList): number =>
  lineItems(plan, prices).reduce((total, item) => total + item.total, 0);
