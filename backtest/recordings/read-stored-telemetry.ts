import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { Policy } from '../../domain/alarm/policy/policy.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';
import type { LabelledSample, OpenedRecording, RecordedMessage, Recording } from './recording.ts';

/** Puts stored samples, in the order in which they were received, back into messages: what came at once of one cylinder. */
export const createMessageGrouping = (): Readonly<{
  /** Gives the message before this sample, where the sample begins another. */
  add(sample: StoredSample): readonly RecordedMessage[];
  end(): readonly RecordedMessage[];
}> => {
  let gateway = '';
  let cylinder = '';
  let receivedAt = Number.NaN;
  let samples: LabelledSample[] = [];

  const end = (): readonly RecordedMessage[] => {
    const message = { gateway, receivedAt, samples };
    samples = [];
    return message.samples.length === 0 ? [] : [message];
  };

  return {
    add: ({ receivedAt: at, ...sample }) => {
      const isSame = at === receivedAt && sample.gateway === gateway && sample.cylinder === cylinder;
      const before = isSame ? [] : end();
      ({ gateway, cylinder } = sample);
      receivedAt = at;
      samples.push({ ...sample, label: null });
      return before;
    },
    end,
  };
};

const SETTINGS = {
  access_mode: 'READ_ONLY',
  threads: '1',
  memory_limit: '512MB',
  autoinstall_known_extensions: 'false',
};

// Rows received at the same time stay as they were written: in the order of their message.
const inOrder = (isTried: boolean): string => `
  SELECT cylinder, gateway, epoch_ms(t), boot, seq, model, probability, epoch_ms(received_at),
    ${SENSORS.map((sensor) => `"${sensor}"`).join(', ')}${isTried ? ', challenger, challenger_probability' : ''}
  FROM samples ORDER BY received_at, rowid`;

const ADVICE: readonly (readonly [pattern: RegExp, advice: (message: string) => string])[] = [
  [
    /lock on file/i,
    (message) => {
      const owner = /\(PID (\d+)\)/.exec(message)?.[1];
      const who = owner === undefined ? 'another process' : `process ${owner}`;
      return `is in use by ${who}, which writes to it: stop that one first, then backtest the file or a copy of it`;
    },
  ],
  [/not a valid DuckDB database file/i, () => 'is not a DuckDB file'],
  [/version number/i, () => 'was written by another version of DuckDB: use that version'],
  [/Table with name samples does not exist/i, () => 'has no table of samples: it is no telemetry store'],
  [/permission denied/i, () => 'may not be read: change its permissions or copy it'],
];

const describe = (file: string, error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  const advice = ADVICE.find(([pattern]) => pattern.test(message))?.[1](message);
  return `${file} ${advice ?? `cannot be read: ${message.split('\n', 1)[0]}`}`;
};

const textOrNull = (value: DuckDBValue | undefined): string | null =>
  typeof value === 'string' ? value : null;
const numberOrNull = (value: DuckDBValue | undefined): number | null =>
  value == null ? null : Number(value);

/**
 * Reads a row of cylinder, gateway, t, boot, seq, model, probability, received_at (both times in ms), the six sensors and,
 * where the file has them, a model on trial with its probability.
 */
const readStoredRow = (row: readonly DuckDBValue[]): StoredSample => {
  const [cylinder, gateway, t, boot, seq, model, probability, receivedAt, ...rest] = row;
  const [challenger, tried] = rest.slice(SENSORS.length);
  return {
    cylinder: String(cylinder),
    gateway: String(gateway),
    t: Number(t),
    boot: textOrNull(boot),
    seq: numberOrNull(seq),
    model: textOrNull(model),
    values: rest.slice(0, SENSORS.length).map(numberOrNull),
    probability: Number(probability),
    why: null,
    ...(typeof challenger === 'string' && typeof tried === 'number'
      ? { challenger: { model: challenger, probability: tried } }
      : {}),
    receivedAt: Number(receivedAt),
  };
};

async function* messagesOf(connection: DuckDBConnection): AsyncGenerator<readonly RecordedMessage[], void> {
  const columns = await connection.runAndReadAll(
    "SELECT 1 FROM duckdb_columns() WHERE table_name = 'samples' AND column_name = 'challenger'",
  );
  const result = await connection.stream(inOrder(columns.currentRowCount > 0));
  const grouping = createMessageGrouping();
  for await (const rows of result.yieldRows()) {
    const messages = rows.flatMap((row) => grouping.add(readStoredRow(row)));
    if (messages.length > 0) yield messages;
  }
  yield grouping.end();
}

/** Opens the telemetry store of a pipeline that is not running, for reading only: stored probabilities and received times. */
export const readStoredTelemetry = async (file: string): Promise<OpenedRecording> => {
  let instance: DuckDBInstance | null = null;
  try {
    instance = await DuckDBInstance.create(file, SETTINGS);
    const opened = instance;
    const connection = await opened.connect();
    const counted = await connection.runAndReadAll('SELECT count(*) FROM samples');
    const samples = Number(counted.getRows()[0]?.[0] ?? 0);
    if (samples === 0) {
      connection.closeSync();
      opened.closeSync();
      return { ok: false, message: `${file} holds no samples yet` };
    }
    const close = (): void => {
      connection.closeSync();
      opened.closeSync();
    };
    return { ok: true, recording: { file, samples, messages: () => messagesOf(connection), close } };
  } catch (error) {
    instance?.closeSync();
    return { ok: false, message: describe(file, error) };
  }
};

/** A line of JSON as `sentinel replay` reads it. */
type ReplayLine = Readonly<Record<string, unknown>>;

const sampleFields = ({ t, seq, probability, values }: LabelledSample): ReplayLine => ({
  t,
  ...(seq === null ? {} : { seq }),
  ...Object.fromEntries(
    SENSORS.flatMap((sensor, index) => (values[index] == null ? [] : [[sensor, values[index]]])),
  ),
  probability,
});

/** A message as a gateway would have sent it; the samples are all of one cylinder. */
const messageLine = ({ gateway, receivedAt, samples }: RecordedMessage): readonly ReplayLine[] => {
  const [first] = samples;
  if (first === undefined) return [];
  const { cylinder, boot, model } = first;
  const payload = {
    v: 1,
    cylinder,
    ...(boot === null ? {} : { boot }),
    ...(model === null ? {} : { model }),
    samples: samples.map(sampleFields),
  };
  return [{ receivedAt, topic: `greengrass/ml/inference/${gateway}/${cylinder}`, payload }];
};

/** How often the alarm is swept, ms. */
const TICK_MS = 60_000;

/**
 * What a pipeline stored of a cylinder as input of `sentinel replay`: its policy, its messages as they were received, and
 * a sweep each minute. What people asked for is not stored with the samples, and so not among the lines.
 */
export async function* replayLines(
  recording: Recording,
  cylinder: string,
  policy: Policy,
): AsyncGenerator<ReplayLine, void> {
  yield { policy };
  let nextTick: number | null = null;
  for await (const messages of recording.messages()) {
    for (const message of messages) {
      const own = message.samples.filter((sample) => sample.cylinder === cylinder);
      if (own.length === 0) continue;
      const { receivedAt } = message;
      nextTick ??= receivedAt + TICK_MS;
      for (; nextTick <= receivedAt; nextTick += TICK_MS) yield { receivedAt: nextTick, tick: true };
      yield* messageLine({ ...message, samples: own });
    }
  }
  if (nextTick !== null) yield { receivedAt: nextTick, tick: true };
}
