/** Ways in which the rule hands messages on, the one first that a deploy takes unless told otherwise. */
export const INGEST_WAYS = ['stream', 'direct'] as const;
export const [DEFAULT_INGEST] = INGEST_WAYS;

/**
 * What nobody gets who saves the stream.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export const DIRECT_LACKS =
  'no order (in a burst messages overtake each other, and are late for the alarm) and no patience (a call that fails ' +
  'is tried again after 1 and 2 minutes, then waits for a redrive)';

/**
 * Hours for which Timestream keeps samples where they can be read at once, as long as a gateway's queue may be held up:
 * what is older when it comes can be read after up to six hours.
 * @see https://docs.aws.amazon.com/timestream/latest/developerguide/data-ingest.html
 */
export const MEMORY_HOURS = 72;

/**
 * How long a batch of the stream is gathered. Longer ones are fewer saves, and every alarm comes that much later; a twin
 * is stale after a minute without a sample, of which ten seconds pass at the edge.
 */
export const WINDOW_MS = 40_000;

/** How a plant is run in the cloud, as far as its price depends on it. */
export type Plan = Readonly<{
  cylinders: number;
  /** One sample of each cylinder every so often, ms. */
  samplePeriodMs: number;
  /** Samples in one message of a gateway. */
  edgeBatch: number;
  cylindersPerGateway: number;
  /** The rule hands messages to the functions one by one, or to a stream which hands them over in batches. */
  ingest: (typeof INGEST_WAYS)[number];
  /** Gateways publish on `$aws/rules/…`, past the message broker, or on the topic itself. */
  publish: 'basic-ingest' | 'topic';
  /** Gateways are on a Greengrass nucleus and prove by echoes what has arrived, each of which is a message there and one back. */
  echo: 'on' | 'off';
  store: 'timestream' | 'lake';
  /** How long a batch of the stream is gathered, ms. */
  windowMs: number;
  /** Shards of the stream; null for as many as the window needs. */
  shards: number | null;
  ledger: 'on-demand' | 'provisioned';
  /** Whether each function is traced with X-Ray. */
  tracing: 'on' | 'off';
  /** How long Timestream keeps a sample in memory, hours. */
  memoryHours: number;
  /** For how many months samples lie in the store: its price grows with them. */
  monthsKept: number;
  /** Incidents of one cylinder in a month. */
  incidents: number;
  /** Whether a canary goes the way of all samples every few minutes. */
  canary: 'on' | 'off';
  /** Whether there is a desk, for which roll-ups are kept. */
  desk: 'on' | 'off';
  /** Whether drift is looked for, by the card of the model: its counts make a state of two write units. */
  drift: 'on' | 'off';
  /** Pages of the desk that are open all the time, as on a screen on the wall. */
  openPages: number;
  /** Receivers of each notice. */
  emails: number;
  sms: number;
}>;

/** What may be left open: the rest of a plan follows from it. */
export type PlanOptions = Readonly<{ cylinders: number } & { [K in keyof Plan]?: Plan[K] | undefined }>;

/** A whole plan from what was said of it; what is left open for tracing and how gateways publish follows from `ingest`. */
export const planOf = (options: PlanOptions): Plan => {
  const ingest = options.ingest ?? DEFAULT_INGEST;
  return {
    cylinders: options.cylinders,
    samplePeriodMs: options.samplePeriodMs ?? 1000,
    edgeBatch: options.edgeBatch ?? 10,
    cylindersPerGateway: options.cylindersPerGateway ?? 20,
    ingest,
    publish: options.publish ?? (ingest === 'stream' ? 'basic-ingest' : 'topic'),
    echo: options.echo ?? 'off',
    store: options.store ?? 'timestream',
    windowMs: options.windowMs ?? WINDOW_MS,
    shards: options.shards ?? null,
    ledger: options.ledger ?? 'on-demand',
    tracing: options.tracing ?? (ingest === 'stream' ? 'off' : 'on'),
    memoryHours: options.memoryHours ?? MEMORY_HOURS,
    monthsKept: options.monthsKept ?? 1,
    incidents: options.incidents ?? 1,
    canary: options.canary ?? 'on',
    desk: options.desk ?? 'off',
    drift: options.drift ?? 'off',
    openPages: options.openPages ?? 0,
    emails: options.emails ?? 1,
    sms: options.sms ?? 0,
  };
};
