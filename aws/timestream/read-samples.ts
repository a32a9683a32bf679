import * as v from 'valibot';
import { type Sample, SENSORS } from '../../domain/message/sample.ts';
import { lastUsed } from '../last-used.ts';
import { type Signer, signedPost } from '../signed-post.ts';

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

const endpoints = v.object({ Endpoints: v.tuple([v.object({ Address: v.string() })]) });
const datum = v.object({ ScalarValue: v.optional(v.string()) });
const rows = v.object({
  Rows: v.array(v.object({ Data: v.array(datum) })),
  NextToken: v.optional(v.string()),
});

const quoted = (name: string, quote: "'" | '"'): string =>
  `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;

const COLUMNS = ['gateway', 'boot', 'model', 'seq', 'probability', ...SENSORS];

const queryFor = ({ database, table }: Options, cylinder: string, from: number, to: number): string =>
  `SELECT to_milliseconds(time), ${COLUMNS.map((name) => quoted(name, '"')).join(', ')} ` +
  `FROM ${quoted(database, '"')}.${quoted(table, '"')} ` +
  `WHERE measure_name = 'sample' AND cylinder = ${quoted(cylinder, "'")} ` +
  `AND time BETWEEN from_milliseconds(${Math.floor(from)}) AND from_milliseconds(${Math.floor(to)}) ORDER BY time`;

const numberOf = (text: string | undefined): number | null => (text === undefined ? null : Number(text));

const sampleOf = (cylinder: string, data: readonly v.InferOutput<typeof datum>[]): Sample => {
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
  const ask = (at: string, operation: string, body: object): Promise<unknown> =>
    signedPost({
      client,
      service: 'timestream',
      endpoint: at,
      target: `Timestream_20181101.${operation}`,
      jsonVersion: '1.0',
      body,
      patienceMs: PATIENCE_MS,
    });

  /** The service says under which name an account is served. */
  const placeOf = async (): Promise<string> => {
    const { Endpoints } = v.parse(endpoints, await ask(endpoint, 'DescribeEndpoints', {}));
    const place = new URL(endpoint);
    place.hostname = Endpoints[0].Address;
    return place.origin;
  };

  const read = async (cylinder: string, from: number, to: number): Promise<readonly Sample[]> => {
    const place = await placeOf();
    const QueryString = queryFor(options, cylinder, from, to);
    const samples: Sample[] = [];
    let next: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const asked = { QueryString, ...(next === undefined ? {} : { NextToken: next }) };
      const { Rows, NextToken } = v.parse(rows, await ask(place, 'Query', asked));
      samples.push(...Rows.map(({ Data }) => sampleOf(cylinder, Data)));
      next = NextToken;
      if (next === undefined) break;
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
