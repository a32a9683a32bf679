import { readFileSync } from 'node:fs';
import * as v from 'valibot';

const price = v.object({ price: v.pipe(v.number(), v.minValue(0)), source: v.pipe(v.string(), v.url()) });

const PRICES = [
  'iotMillionMessages',
  'iotMillionConnectionMinutes',
  'iotMillionRuleTriggers',
  'iotMillionRuleActions',
  'iotMillionShadowOperations',
  'kinesisShardHour',
  'kinesisMillionPutUnits',
  'lambdaMillionRequests',
  'lambdaArmGbSecond',
  'dynamoMillionWriteUnits',
  'dynamoMillionReadUnits',
  'dynamoWriteUnitHour',
  'dynamoReadUnitHour',
  'dynamoGbMonth',
  'timestreamMillionWrites',
  'timestreamMemoryGbHour',
  'timestreamMagneticGbMonth',
  'firehoseGb',
  'firehoseConversionGb',
  's3GbMonth',
  's3ThousandPuts',
  'snsMillionPublishes',
  'snsThousandEmails',
  'snsSms',
  'cloudwatchLogGb',
  'cloudwatchMetric',
  'cloudwatchAlarm',
  'cloudwatchDashboard',
  'xrayMillionTraces',
] as const;

const priceList = v.object({
  date: v.pipe(v.string(), v.isoDate()),
  region: v.string(),
  currency: v.literal('USD'),
  prices: v.strictObject(v.entriesFromList(PRICES, price)),
});

/** List prices of one region on one day, US dollars, each with the page that says it. */
export type PriceList = v.InferOutput<typeof priceList>;
export type PriceName = (typeof PRICES)[number];

/** The list prices that come with this program. */
export const readPriceList = (): PriceList =>
  v.parse(priceList, JSON.parse(readFileSync(new URL('./prices.json', import.meta.url), 'utf8')));
