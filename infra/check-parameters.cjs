// @ts-check
/** Refuses a parameter that does not exist, or a value that it cannot have, before anything is deployed. */
const { listed } = require('./alerts.cjs');
const policy = require('./policy.cjs');
const reading = require('./reading.cjs');
const refuse = require('./refuse.cjs');

/** @import { Framework } from './framework.d.ts' */

/** @type {Readonly<Record<string, readonly string[]>>} */
const CHOICES = {
  ingest: ['stream', 'direct'],
  ledger: ['on-demand', 'provisioned'],
  store: ['timestream', 'lake', 'existing'],
  greengrass: ['on', 'off'],
  language: ['en', 'ko'],
  reserve: ['on', 'off'],
  canary: ['on', 'off'],
  desk: ['on', 'off'],
  tracing: ['on', 'off', ''],
  trees: ['all', 'best', ''],
  drainStream: ['on', 'off'],
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
  logDays: '1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653'.split(' '),
};

/** @type {Readonly<Record<string, readonly [least: number, most: number]>>} */
const LIMITS = {
  memoryHours: [1, 8766],
  telemetryDays: [1, 73000],
  quarantineDays: [1, 73000],
  ledgerUnits: [5, 40_000],
  streamShards: [1, 200],
  streamHours: [24, 8760],
  silenceMinutes: [5, 1440],
};

/** @type {readonly [form: RegExp, words: string]} */
const ADDRESS = [/^[^\s@,]+@[^\s@,]+\.[^\s@.,]{2,}$/, 'an e-mail address as ops@example.com'];
/** @type {readonly [form: RegExp, words: string]} */
const TIMESTREAM_NAME = [/^[\w.-]{3,256}$/, '3 to 256 letters, digits and . _ -'];

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 * @type {readonly [form: RegExp, words: string]}
 */
const BUCKET = [/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket, without s3://'];

/** @type {Readonly<Record<string, readonly [form: RegExp, words: string]>>} */
const FORMS = {
  site: [
    /^(?!.*\$\{)[^\s\p{C}](?:[^\p{C}]{0,62}[^\s\p{C}])?$/u,
    'a name of at most 64 characters, in one line and without blanks at either end',
  ],
  alertEmail: ADDRESS,
  operatorEmail: ADDRESS,
  alertSms: [/^\+[1-9]\d{6,14}$/, 'a phone number with its country as +821012345678'],
  alertChat: [/^T[0-9A-Z]+\/[CG][0-9A-Z]+$/, 'the Slack workspace and channel as T…/C…'],
  alertTopic: [/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]{1,256}$/, 'the ARN of an SNS topic'],
  lakeBucket: BUCKET,
  greengrassBucket: BUCKET,
  greengrassTarget: [
    /^arn:[\w-]+:iot:[\w-]+:\d{12}:thing(group)?\/[\w:-]+$/,
    'the ARN of a thing or a thing group',
  ],
  telemetryDatabase: TIMESTREAM_NAME,
  telemetryTable: TIMESTREAM_NAME,
  incidentsTable: TIMESTREAM_NAME,
};

/** Of these, several may stand with commas. */
const LISTS = ['alertEmail', 'alertSms', 'operatorEmail'];

/** What a choice of another parameter needs. @type {readonly (readonly [name: string, choice: string, needs: readonly string[]])[]} */
const NEEDS = [
  ['store', 'existing', ['telemetryDatabase', 'telemetryTable', 'incidentsTable']],
  ['greengrass', 'on', ['greengrassBucket', 'greengrassTarget']],
];

/**
 * A topic has at most seven slashes and 256 bytes, and gateway and cylinder stand behind the prefix.
 * https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits
 */
const TOPIC = { levels: 6, bytes: 128 };

/** The longest function is called cylinder-sentinel-<stage>-command, and a name of a function has 64 characters. */
const MAX_STAGE = 38;

/**
 * The partition is where an ARN begins, and follows from the region.
 * https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
 * @type {readonly (readonly [prefix: string, partition: string])[]}
 */
const PARTITIONS = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['eusc-', 'aws-eusc'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['us-iso-', 'aws-iso'],
  ['eu-isoe-', 'aws-iso-e'],
  ['', 'aws'],
];

/** @param {string} name */
const isTimezone = (name) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
};

/** @param {string} text */
const isObject = (text) => {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

/** @param {string} text */
const topicFault = (text) => {
  const levels = text.split('/');
  if (/[+#]/.test(text)) return 'must have no wildcard';
  if (text.startsWith('$')) return 'must not begin with $: AWS keeps those topics for itself';
  if (/['"`\\\s\p{C}]/u.test(text))
    return 'must have no quotes, backslashes or blanks: it stands in the SQL of the rule';
  if (levels.includes('')) return 'must have no empty level and no slash at either end';
  if (levels.length > TOPIC.levels) return `must have at most ${TOPIC.levels} levels`;
  if (Buffer.byteLength(text) > TOPIC.bytes) return `must have at most ${TOPIC.bytes} bytes`;
  return null;
};

/**
 * What is wrong with one value, as the end of a sentence, or null.
 * @param {string} name @param {string} text
 */
const fault = (name, text) => {
  const choices = CHOICES[name];
  if (choices !== undefined && !choices.includes(text))
    return `must be ${choices.filter((choice) => choice !== '').join(' or ')}`;
  const [least, most] = LIMITS[name] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (name in LIMITS && (!/^\d+$/.test(text) || +text < least || +text > most))
    return `must be a number from ${least} to ${most}`;
  const [form, words] = FORMS[name] ?? [/^/, ''];
  if (text !== '' && !form.test(text)) return `must be ${words}`;
  if (name === 'topicPrefix') return topicFault(text);
  if (name === 'greengrassConfiguration' && !isObject(text))
    return 'must be a JSON object such as {"source":"socket"}';
  if (name === 'timezone' && !isTimezone(text)) return 'must be an IANA time zone such as Asia/Seoul';
  return null;
};

/**
 * Messages can be published only to topics of the same region: elsewhere every notice would fail.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 * @param {string} arn @param {string} region
 */
const topicPlaceFaults = (arn, region) => {
  const [, partition, , itsRegion] = arn.split(':');
  const ours = PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1];
  if (partition === ours && itsRegion === region) return [];
  return [
    `alertTopic must be a topic of ${ours} in ${region}, to which this is deployed, not one of ${partition} in ${itsRegion}`,
  ];
};

/** @param {string} stage @param {string | undefined} store */
const stageFaults = (stage, store) => [
  ...(stage.length > MAX_STAGE
    ? [`stage must have at most ${MAX_STAGE} characters, not ${stage.length}`]
    : []),
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-glue-database-databaseinput.html
  ...(store === 'lake' && stage !== stage.toLowerCase()
    ? [`stage must be in lower case with store=lake, since Glue stores names so, not "${stage}"`]
    : []),
];

/**
 * The values of all parameters, and what is wrong with them, in sentences.
 * @param {Framework} framework
 * @returns {Promise<{ values: Record<string, string>, faults: string[] }>}
 */
const checked = async (framework) => {
  const { options, resolveConfigurationProperty, resolveVariable } = framework;
  const known = Object.keys(await resolveConfigurationProperty(['params', 'default']));
  const given = [options.param ?? []].flat().map((text) => text.split('=')[0] ?? '');
  /** @type {Record<string, string>} */
  const values = {};
  for (const name of known) values[name] = String(await resolveVariable(`param:${name}, ''`));

  const faults = given
    .filter((name) => !known.includes(name))
    .map((name) => `${name} is none of the parameters: ${known.join(', ')}`);
  for (const name of known) {
    const text = values[name] ?? '';
    for (const part of LISTS.includes(name) ? listed(text) : [text]) {
      const ending = fault(name, part);
      if (ending !== null) faults.push(`${name} ${ending}, not "${part}"`);
    }
  }
  const { alertTopic = '', policy: file = '', store } = values;
  if (alertTopic !== '' && fault('alertTopic', alertTopic) === null)
    faults.push(...topicPlaceFaults(alertTopic, await resolveVariable('self:provider.region')));
  for (const [name, choice, needs] of NEEDS) {
    if (values[name] !== choice) continue;
    for (const needed of needs)
      if (values[needed] === '') faults.push(`${needed} is needed with ${name}=${choice}`);
  }
  if (values.lakeBucket !== '' && store !== 'lake') faults.push('lakeBucket is for store=lake');
  faults.push(...stageFaults(await resolveVariable('sls:stage'), store));
  if (file !== '') faults.push(...(await policy.read(file)).faults);
  faults.push(...(await reading.faultsOf({ map: '', score: '', trees: '', topicPrefix: '', ...values })));
  if (faults.length === 0) faults.push(...(await policy.lengthFaults(framework)));
  return { values, faults };
};

/**
 * What the framework cannot even read: it would say so once for each place that needs a parameter.
 * @param {Framework['options']} options
 */
const unreadable = ({ param = [], stage = 'dev' }) => [
  ...[param]
    .flat()
    .filter((text) => !/^[^=]+=./s.test(text))
    .map((text) => `--param ${text} has no value: write --param name=value, or leave it out for the default`),
  ...(/^[A-Za-z0-9-]+$/.test(stage) ? [] : [`stage must be of letters, digits and hyphens, not "${stage}"`]),
];

/** @param {Framework} framework */
const valuesOrRefusal = async (framework) => {
  const unread = unreadable(framework.options);
  if (unread.length > 0) refuse(unread);
  const { values, faults } = await checked(framework);
  if (faults.length > 0) refuse(faults);
  return values;
};

module.exports = Object.assign(valuesOrRefusal, { checked, unreadable });
