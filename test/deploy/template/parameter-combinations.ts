/** Parameters of a deployment, by name. */
export type Parameters = Readonly<Record<string, string>>;

export const GREENGRASS = {
  greengrassBucket: 'plant-components',
  greengrassTarget: 'arn:aws:iot:eu-central-1:123456789012:thinggroup/lines',
  greengrassConfiguration: '{"source":"socket"}',
};

/** The bucket of a lake that an earlier stack left behind. */
export const LAKE_OF_BEFORE = 'lake-of-before';

const EXISTING = { telemetryDatabase: 'plant', telemetryTable: 'samples', incidentsTable: 'incidents' };

/** Who is told: nobody yet, everybody, or whoever listens to a topic that is there. */
const TOLD: readonly Parameters[] = [
  {},
  {
    alertEmail: 'ops@example.com,night@example.com',
    alertSms: '+821012345678',
    alertChat: 'T0123ABCD/C0456EFGH',
    operatorEmail: 'cloud@example.com',
    language: 'ko',
    timezone: 'Asia/Seoul',
    policy: 'docs/policies/advisory.json',
  },
  { alertTopic: 'arn:aws:sns:us-east-1:123456789012:plant-alerts', alertEmail: 'ops@example.com' },
];

const choices = {
  ingest: ['direct', 'stream'],
  store: ['timestream', 'lake', 'existing'],
  greengrass: ['off', 'on'],
};

/** Every combination of what chooses the parts, and with them in turn each way of being told and of reserving. */
export const COMBINATIONS: readonly Parameters[] = choices.ingest
  .flatMap((ingest) => choices.store.map((store) => ({ ingest, store })))
  .flatMap((chosen) => choices.greengrass.map((greengrass) => ({ ...chosen, greengrass })))
  .map((chosen, index) => ({
    ...chosen,
    reserve: Math.floor(index / 2) % 2 === 0 ? 'on' : 'off',
    canary: index % 4 === 3 ? 'off' : 'on',
    desk: index % 3 === 1 ? 'on' : 'off',
    ...(chosen.greengrass === 'on' ? GREENGRASS : {}),
    ...(chosen.store === 'existing' ? EXISTING : {}),
    // Made over the bucket of an earlier stack in one of its combinations.
    ...(chosen.store === 'lake' && index % 4 === 2 ? { lakeBucket: LAKE_OF_BEFORE } : {}),
    ...TOLD[index % TOLD.length],
  }));

/** The least and the most of whatever is a number. */
export const EXTREMES: readonly Parameters[] = [
  {
    memoryHours: '1',
    telemetryDays: '1',
    quarantineDays: '1',
    logDays: '1',
    streamShards: '1',
    streamHours: '24',
    silenceMinutes: '5',
  },
  {
    memoryHours: '8766',
    telemetryDays: '73000',
    quarantineDays: '73000',
    logDays: '3653',
    streamShards: '200',
    streamHours: '8760',
    silenceMinutes: '1440',
    tracing: 'on',
    site: '부산 공장',
    topicPrefix: 'a/b/c/d/e/f',
  },
];

/** A combination in a few words, fit for a file's name. */
export const nameOf = ({ ingest, store, greengrass }: Parameters): string =>
  `${ingest}-${store}-greengrass-${greengrass}`;
