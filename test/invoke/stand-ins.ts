import type { AttributeValue } from 'aws-lambda';
import * as v from 'valibot';
import { unpack } from '../../aws/dynamodb/packed.ts';
import { readQuarantineText } from '../../aws/s3/quarantine.ts';
import { DEFAULT_POLICY } from '../../domain/alarm/policy/policy.ts';
import { startShadowServer } from '../aws/shadow/server.ts';
import { frontDoor } from '../event-source/front-door.ts';
import { deployFunctions, type FunctionName } from '../event-source/function-runtime.ts';
import { createLine } from '../event-source/line.ts';
import { BLANK } from '../event-source/tape.ts';
import { BACKENDS } from '../event-source/telemetry-backend.ts';

/** What functions are run on, and what they wrote to it, by kind. */
export type StandIns = Readonly<{
  call(name: FunctionName, event: unknown): Promise<unknown>;
  written(): Readonly<Record<string, readonly unknown[]>>;
  close(): Promise<unknown>;
}>;

const image = v.record(
  v.string(),
  v.custom<AttributeValue>((value) => typeof value === 'object'),
);
const changes = v.object({
  Records: v.array(v.object({ dynamodb: v.object({ NewImage: v.optional(image) }) })),
});

const readable = (name: string, { S: text, N: number, B: bytes }: AttributeValue): unknown => {
  if (bytes !== undefined) return JSON.parse(unpack(Buffer.from(bytes, 'base64'), name));
  if (number !== undefined) return Number(number);
  return text?.startsWith('{') ? JSON.parse(text) : text;
};

/** Stand-ins for the services, by the clock of the machine, with the functions deployed to them. */
export const standIns = async (): Promise<StandIns> => {
  const door = await frontDoor();
  const telemetry = await BACKENDS.timestream();
  const shadows = await startShadowServer();
  deployFunctions({
    AWS_ENDPOINT_URL: door.endpoint,
    LEDGER_TABLE: 'ledger',
    DEAD_LETTER_QUEUE_URL: `${door.endpoint}/123456789012/dead-letters`,
    QUARANTINE_BUCKET: 'quarantine',
    TELEMETRY_STORE: 'timestream',
    TELEMETRY_DATABASE: 'telemetry',
    TELEMETRY_TABLE: 'samples',
    INCIDENTS_TABLE: 'incidents',
    ALERT_TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:alerts',
    OPERATOR_TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:operators',
    POLICY: process.env.POLICY ?? JSON.stringify(DEFAULT_POLICY),
    POWERTOOLS_LOG_LEVEL: process.env.POWERTOOLS_LOG_LEVEL ?? 'INFO',
  });
  const clock = { now: Date.now, advance: () => undefined, reach: () => undefined };
  const { dynamo, topic, objects, run } = createLine(
    { door, clock, tape: BLANK, mishaps: () => 'none', telemetry, shadows },
    { ingest: 'stream' },
  );
  return {
    call: (name, event) => {
      // Changes of the ledger were in it when they were told, and the function looks them up.
      const told = v.safeParse(changes, event);
      for (const { dynamodb } of told.success ? told.output.Records : [])
        if (dynamodb.NewImage !== undefined) dynamo.table.put(dynamodb.NewImage);
      return run(name, event);
    },
    written: () => ({
      ledger: dynamo.table
        .items()
        .map((item) =>
          Object.fromEntries(Object.entries(item).map(([field, value]) => [field, readable(field, value)])),
        ),
      samples: telemetry.samples(),
      incidents: telemetry.incidents(),
      quarantine: [...objects.values()].map((bytes) => {
        const kept = readQuarantineText(Buffer.from(bytes).toString('utf8'));
        return { ...kept, raw: { ...kept?.raw, body: Buffer.from(kept?.raw.body ?? []).toString('utf8') } };
      }),
      notices: topic.published,
      twins: shadows.asked.filter(({ method }) => method !== 'GET'),
    }),
    close: () => Promise.all([door.close(), telemetry.close(), shadows.close()]),
  };
};
