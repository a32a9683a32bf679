import * as v from 'valibot';
import type { Mapping } from '../../domain/mapping/mapping.ts';
import { INFERENCE_TOPIC, isName } from '../../domain/message/topic.ts';
import { isLiveKind, LIVE_SOURCES } from '../gateway/live-source.ts';
import { isRulePrefix, isTopicPrefix } from '../transport/transport.ts';
import { readMapSetting } from './map-setting.ts';

/** What a nucleus hands over is a number or its text. */
const number = (minimum: number, maximum: number) =>
  v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.trim(), v.regex(/^\d+(\.\d+)?$/), v.transform(Number))]),
    v.check((value) => value >= minimum && value <= maximum),
    v.metadata({
      expected: `a number from ${minimum} to ${maximum}`,
      schema: { type: 'number', minimum, maximum },
    }),
  );

const wholeNumber = (minimum: number, maximum: number) =>
  v.pipe(
    number(minimum, maximum),
    v.integer(),
    v.metadata({
      expected: `a whole number from ${minimum} to ${maximum}`,
      schema: { type: 'integer', minimum, maximum },
    }),
  );

const path = v.pipe(v.string(), v.metadata({ expected: 'a path, or nothing', schema: { type: 'string' } }));

const SOURCES = ['simulated', 'random', 'socket', ...LIVE_SOURCES] as const;

/** The configuration of the component: the names and units that the recipe shows to people. */
export const settingsSchema = v.object({
  /** Empty: the name of the core device's thing. */
  gateway: v.nullish(
    v.pipe(
      v.string(),
      v.check((text) => text === '' || isName(text)),
      v.metadata({
        expected: 'letters, digits, colon, underscore and hyphen, at most 128',
        schema: { type: 'string', pattern: '^[a-zA-Z0-9:_-]{0,128}$' },
      }),
    ),
    '',
  ),
  source: v.nullish(
    v.pipe(
      v.picklist(SOURCES),
      v.metadata({
        expected: 'simulated, random, socket, modbus, opcua or sparkplug',
        schema: { type: 'string', enum: SOURCES },
      }),
    ),
    'simulated',
  ),
  cylinders: v.nullish(wholeNumber(1, 1000), 6),
  seed: v.nullish(wholeNumber(0, 2 ** 32 - 1), 1),
  /** Of source `socket`; relative to the component's work folder. */
  socketPath: v.nullish(path, 'sensors.sock'),
  /** Where the devices of a live source and their values are, or how lines of source `socket` are understood. */
  map: v.nullish(
    v.pipe(
      v.union([v.string(), v.record(v.string(), v.unknown())]),
      v.metadata({
        expected: 'a mapping, or its JSON as a text',
        schema: { type: ['object', 'string'] },
      }),
    ),
    '',
  ),
  /** The same in a file; relative to the component's work folder. */
  mapPath: v.nullish(path, ''),
  /** Empty: the model of the simulated line, or `/greengrass-ml` for real sensors. */
  modelPath: v.nullish(path, ''),
  /** Empty: none. A model on trial, which scores beside the other one and decides nothing; a newer one put there is taken up. */
  challengerPath: v.nullish(path, ''),
  /** Scores by the calibration of the model's card, which has to lie beside the model. */
  calibrated: v.nullish(
    v.pipe(
      v.picklist(['on', 'off']),
      v.metadata({ expected: 'on or off', schema: { type: 'string', enum: ['on', 'off'] } }),
    ),
    'off',
  ),
  queuePath: v.nullish(path, 'queue.sqlite'),
  queueMaxAgeHours: v.nullish(number(0.1, 8784), 72),
  queueMaxMb: v.nullish(wholeNumber(1, 1_000_000), 1024),
  drainPerSecond: v.nullish(wholeNumber(1, 1_000_000), 100),
  /** How long live samples wait for others of their cylinder: ten samples are one message. */
  lingerSeconds: v.nullish(number(0, 60), 10),
  /** What stands before `<gateway>/<cylinder>` in a topic: the stack's own `topicPrefix`. */
  topicPrefix: v.nullish(
    v.pipe(
      v.string(),
      v.check(isTopicPrefix),
      v.metadata({
        expected: 'levels of a topic, without wildcards and without a slash at either end',
        schema: { type: 'string', pattern: '^(?!\\$)[^+#/\\s]+(/[^+#/\\s]+){0,5}$' },
      }),
    ),
    INFERENCE_TOPIC,
  ),
  publishTo: v.nullish(
    v.pipe(
      v.string(),
      v.check((text) => text === 'topic' || isRulePrefix(text)),
      v.metadata({
        expected: 'topic, or $aws/rules/<rule> for Basic Ingest',
        schema: { type: 'string', pattern: '^(topic|\\$aws/rules/[A-Za-z0-9_]{1,128})$' },
      }),
    ),
    'topic',
  ),
});

/** `map` is null where the configuration holds none. */
export type Settings = Readonly<Omit<v.InferOutput<typeof settingsSchema>, 'map'> & { map: Mapping | null }>;

export type ReadSettings =
  | Readonly<{ ok: true; settings: Settings; unknown: readonly string[] }>
  | Readonly<{ ok: false; message: string }>;

/** Keys of a component's configuration that are read by the nucleus: rights, and what the recipe names. */
const NUCLEUS_KEYS = new Set(['accessControl', 'node']);

/** Reads a configuration; what is wrong with it comes as one line that names key and remedy. */
export const readSettings = (configuration: unknown): ReadSettings => {
  const parsed = v.safeParse(settingsSchema, configuration ?? {});
  if (parsed.success) {
    const { map: given, ...others } = parsed.output;
    const reading = given === '' ? { ok: true as const, mapping: null } : readMapSetting(given);
    if (!reading.ok) return wrong(reading.message);
    const settings = { ...others, map: reading.mapping };
    const fault = sourceFault(settings);
    if (fault !== null) return wrong(fault);
    const known = new Set(Object.keys(settingsSchema.entries));
    const keys = Object.keys(v.parse(v.record(v.string(), v.unknown()), configuration ?? {}));
    const unknown = keys.filter((key) => !known.has(key) && !NUCLEUS_KEYS.has(key));
    return { ok: true, settings, unknown };
  }
  const faults = parsed.issues.map((issue) => String(issue.path?.[0]?.key ?? 'it'));
  const sentences = [...new Set(faults)].map((key) => `${key} must be ${expectedOf(key)}`);
  return wrong(sentences.join('; '));
};

const wrong = (what: string): ReadSettings => ({ ok: false, message: `the configuration is wrong: ${what}` });

/** What is wrong between the source and the mapping, or null. */
const sourceFault = ({ source, map, mapPath }: Settings): string | null => {
  if (map !== null && mapPath !== '') return 'map and mapPath are both there: leave one out';
  if (!isLiveKind(source)) return null;
  if (map === null && mapPath === '')
    return `source ${source} needs map, or mapPath: which devices there are, and where their values are`;
  return map === null || map[source] !== undefined
    ? null
    : `map says nothing of ${source}, which is the source: it needs "${source}", where the devices are`;
};

const expectedOf = (key: string): string => {
  const entry = Object.entries(settingsSchema.entries).find(([name]) => name === key)?.[1];
  return entry === undefined ? 'an object' : String(v.getMetadata(entry.wrapped).expected);
};

/**
 * The configuration of the Lambda package, which has its settings in the environment: `QUEUE_MAX_MB` is `queueMaxMb`.
 */
export const settingsOfEnvironment = (
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> => {
  const given: Record<string, string> = {};
  for (const key of Object.keys(settingsSchema.entries)) {
    const value = environment[key.replace(/[A-Z]/g, '_$&').toUpperCase()];
    if (value !== undefined) given[key] = value;
  }
  return given;
};

/**
 * The configuration's defaults, as the recipe has them. Of a mapping there is none: what is merged over a text would have
 * to be a text.
 */
export const defaultConfiguration = (): Readonly<Record<string, string | number>> => {
  const { map: _, ...defaults } = v.parse(settingsSchema, {});
  return defaults;
};

/** The configuration as JSON Schema, for those who write deployments. */
export const configurationSchema = (): Readonly<Record<string, unknown>> => {
  const defaults = defaultConfiguration();
  const properties = Object.entries(settingsSchema.entries).map(([key, { wrapped }]) => {
    const { expected, schema } = v.getMetadata(wrapped);
    return [key, { ...Object(schema), default: defaults[key], description: String(expected) }];
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of GGMLInference',
    type: 'object',
    properties: Object.fromEntries(properties),
  };
};
