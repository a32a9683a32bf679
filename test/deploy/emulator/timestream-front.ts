import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { readMotoTable } from '../telemetry/moto-records.ts';

const DESCRIBE_ENDPOINTS = 'Timestream_20181101.DescribeEndpoints';
const WRITE_RECORDS = 'Timestream_20181101.WriteRecords';
const QUERY = 'Timestream_20181101.Query';

const ENDPOINTS = JSON.stringify({ Endpoints: [{ Address: '127.0.0.1', CachePeriodInMinutes: 1440 }] });

const record = v.looseObject({ Dimensions: v.optional(v.array(v.unknown()), []) });
const written = v.looseObject({ CommonAttributes: v.optional(record, {}), Records: v.array(record) });

/** Says in every record what a request says once for all of them, which moto would forget. */
const spread = (body: string): string => {
  const { CommonAttributes: common, Records, ...rest } = v.parse(written, JSON.parse(body));
  const records = Records.map((one) => ({
    ...common,
    ...one,
    Dimensions: [...common.Dimensions, ...one.Dimensions],
  }));
  return JSON.stringify({ ...rest, Records: records });
};

const asked = v.object({ QueryString: v.string() });
const SAMPLES =
  /^SELECT to_milliseconds\(time\), (.+) FROM "(\w+)"\."(\w+)" WHERE measure_name = 'sample' AND cylinder = '([^']+)' AND time BETWEEN from_milliseconds\((\d+)\) AND from_milliseconds\((\d+)\) ORDER BY time$/;

/** Answers the one query that the program asks, which moto cannot. */
const answerQuery = async (endpoint: string, body: string): Promise<string> => {
  const { QueryString } = v.parse(asked, JSON.parse(body));
  const [, columns, database = '', table = '', cylinder, from, to] = SAMPLES.exec(QueryString) ?? [];
  if (columns === undefined) throw new Error(`not a query of the program: ${QueryString}`);
  const names = columns.split(', ').map((name) => name.slice(1, -1));
  const records = await readMotoTable(endpoint, database, table);
  const rows = records
    .map(({ Time = '0', MeasureName, Dimensions = [], MeasureValues = [] }) => ({
      t: Number(BigInt(Time) / 1_000_000n),
      MeasureName,
      values: new Map([...Dimensions, ...MeasureValues].map(({ Name, Value }) => [Name, Value])),
    }))
    .filter(({ MeasureName, values }) => MeasureName === 'sample' && values.get('cylinder') === cylinder)
    .filter(({ t }) => t >= Number(from) && t <= Number(to))
    .sort((a, b) => a.t - b.t);
  const datum = (value: string | undefined) =>
    value === undefined ? { NullValue: true } : { ScalarValue: value };
  return JSON.stringify({
    Rows: rows.map(({ t, values }) => ({
      Data: [datum(String(t)), ...names.map((name) => datum(values.get(name)))],
    })),
  });
};

/**
 * Stands before moto on a port of 127.0.0.1 and makes it a Timestream: it says that this is where to write, which the
 * SDK asks first and moto answers with an address outside this machine, and it spreads common attributes.
 */
export const startTimestreamFront = async (
  port: number,
): Promise<Readonly<{ endpoint: string; stop(): Promise<void> }>> => {
  const server = createServer((incoming, outgoing) => {
    const fail = () => outgoing.writeHead(502).end();
    const pass = (body: string): void => {
      const { method, url, headers } = incoming;
      const onward = request(
        {
          host: '127.0.0.1',
          port,
          method,
          path: url,
          headers: { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' },
        },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      onward.on('error', fail).end(body);
    };
    void text(incoming)
      .then(async (body) => {
        const target = incoming.headers['x-amz-target'];
        if (target === DESCRIBE_ENDPOINTS) {
          outgoing.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(ENDPOINTS);
        } else if (target === QUERY) {
          outgoing.end(await answerQuery(`http://127.0.0.1:${port}`, body));
        } else {
          pass(target === WRITE_RECORDS ? spread(body) : body);
        }
      })
      .catch(fail);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  const stop = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { endpoint: `http://127.0.0.1:${address.port}`, stop };
};
