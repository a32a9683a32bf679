import * as v from 'valibot';
import { type Signer, signedPost } from '../signed-post.ts';

const endpoints = v.object({ Endpoints: v.tuple([v.object({ Address: v.string() })]) });
const datum = v.object({
  ScalarValue: v.optional(v.string()),
  ArrayValue: v.optional(v.array(v.object({ ScalarValue: v.optional(v.string()) }))),
});
const page = v.object({
  QueryId: v.optional(v.string()),
  Rows: v.array(v.object({ Data: v.array(datum) })),
  ColumnInfo: v.optional(
    v.array(
      v.object({ Name: v.optional(v.string()), Type: v.object({ ScalarType: v.optional(v.string()) }) }),
    ),
    [],
  ),
  QueryStatus: v.optional(
    v.object({
      ProgressPercentage: v.optional(v.number()),
      CumulativeBytesScanned: v.optional(v.number()),
    }),
  ),
  NextToken: v.optional(v.string()),
});

/** A value of a row: text, an array of texts, or neither where there is none. */
export type TimestreamDatum = v.InferOutput<typeof datum>;
/** A page of an answer. https://docs.aws.amazon.com/timestream/latest/developerguide/API_query_Query.html */
export type TimestreamPage = v.InferOutput<typeof page>;

type Place = Readonly<{
  client: Signer;
  /** Where queries are asked for, as `https://query.timestream.eu-central-1.amazonaws.com`. */
  endpoint: string;
  /** How long one page may take, ms: the service gives up after a minute. */
  patienceMs: number;
}>;

/** Timestream's queries, asked where the service says that an account is served. Rejects where it does not answer. */
export const openQueryService = async ({ client, endpoint, patienceMs }: Place) => {
  const ask = (at: string, operation: string, body: object, signal?: AbortSignal): Promise<unknown> =>
    signedPost({
      client,
      service: 'timestream',
      endpoint: at,
      target: `Timestream_20181101.${operation}`,
      jsonVersion: '1.0',
      body,
      patienceMs,
      ...(signal === undefined ? {} : { signal }),
    });
  const { Endpoints } = v.parse(endpoints, await ask(endpoint, 'DescribeEndpoints', {}));
  const place = new URL(endpoint);
  place.hostname = Endpoints[0].Address;
  return {
    /** The pages of an answer, as they are asked for. */
    async *pages(sql: string, signal?: AbortSignal): AsyncGenerator<TimestreamPage, void> {
      let next: string | undefined;
      do {
        const asked = { QueryString: sql, ...(next === undefined ? {} : { NextToken: next }) };
        const given = v.parse(page, await ask(place.origin, 'Query', asked, signal));
        yield given;
        next = given.NextToken;
      } while (next !== undefined);
    },
    /** Ends a query that is under way. https://docs.aws.amazon.com/timestream/latest/developerguide/API_query_CancelQuery.html */
    cancel: async (id: string): Promise<void> => {
      await ask(place.origin, 'CancelQuery', { QueryId: id });
    },
  };
};
