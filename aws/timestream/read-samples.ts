import { type Sample, SENSORS } from '../../domain/message/sample.ts';
import { lastUsed } from '../last-used.ts';
import type { Signer } from '../signed-post.ts';
import { openQueryService, type TimestreamDatum } from './query-service.ts';

type Options = Readonly<{
  client: Signer;
  /** Where queries are asked for, as `https://query.timestream.eu-central-1.amazonaws.com`. */
  endpoint: string;
  database: string;
  table: string;
}>;

const PATIENCE_MS = 10_000;
/** An hour of samples is one page or a few. */
const MAX_PAGES = 20;
/**
 * A query is paid by the time that it keeps its units busy, 30 s at least, and a page asks again and again: what was
 * answered for a cylinder does for so long. https://docs.aws.amazon.com/timestream/latest/developerguide/tcu.html
 */
const KEPT_MS = 60_000;
const MAX_KEPT = 20;

const quoted = (name: string, quote: "'" | '"'): string =>
  `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;

const COLUMNS = ['gateway', 'boot', 'model', 'seq', 'probability', ...SENSORS];

const queryFor = ({ database, table }: Options, cylinder: string, from: number, to: number): string =>
  `SELECT to_milliseconds(time), ${COLUMNS.map((name) => quoted(name, '"')).join(', ')} ` +
  `FROM ${quoted(database, '"')}.${quoted(table, '"')} ` +
  `WHERE measure_name = 'sample' AND cylinder = ${quoted(cylinder, "'")} ` +
  `AND time BETWEEN from_milliseconds(${Math.floor(from)}) AND from_milliseconds(${Math.floor(to)}) ORDER BY time`;

const numberOf = (text: string | undefined): number | null => (text === undefined ? null : Number(text));

const sampleOf = (cylinder: string, data: readonly TimestreamDatum[]): Sample => {
  const [t, gateway, boot, model, seq, probability, ...values] = data.map(({ ScalarValue }) => ScalarValue);
  return {
    cylinder,
    gateway: gateway ?? '',
    t: Number(t),
    boot: boot ?? null,
    seq: numberOf(seq),
    model: model ?? null,
    values: values.map(numberOf),
    probability: Number(probability),
    why: null,
  };
};

/**
 * Reads the samples of a cylinder from one time to another, ms, at full rate. Rejects where Timestream does not answer.
 * https://docs.aws.amazon.com/timestream/latest/developerguide/API_query_Query.html
 */
export const createTimestreamSamples = (options: Options) => {
  const { client, endpoint } = options;

  const read = async (cylinder: string, from: number, to: number): Promise<readonly Sample[]> => {
    const { pages } = await openQueryService({ client, endpoint, patienceMs: PATIENCE_MS });
    const samples: Sample[] = [];
    let left = MAX_PAGES;
    for await (const { Rows } of pages(queryFor(options, cylinder, from, to))) {
      samples.push(...Rows.map(({ Data }) => sampleOf(cylinder, Data)));
      left -= 1;
      if (left === 0) break;
    }
    return samples;
  };

  type Reading = Readonly<{ from: number; to: number; samples: Promise<readonly Sample[]> }>;
  const known = lastUsed<Reading>(MAX_KEPT);
  return (cylinder: string, from: number, to: number): Promise<readonly Sample[]> => {
    const before = known.get(cylinder);
    const isNear = (one: number, other: number): boolean => one >= other && one - other < KEPT_MS;
    if (before !== undefined && isNear(from, before.from) && isNear(to, before.to)) return before.samples;
    const samples = read(cylinder, from, to);
    known.set(cylinder, { from, to, samples });
    samples.catch(() => known.forget(cylinder));
    return samples;
  };
};
