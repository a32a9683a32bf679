// @ts-check
/** Refuses a parameter that does not exist, or a value that it cannot have, before anything is deployed. */

/** @import { Framework } from './framework.d.ts' */

/** @type {Readonly<Record<string, readonly string[]>>} */
const CHOICES = {
  ingest: ['stream', 'direct'],
  store: ['timestream', 'lake', 'existing'],
  greengrass: ['on', 'off'],
  language: ['en', 'ko'],
  reserve: ['on', 'off'],
  tracing: ['on', 'off', ''],
};

/** @type {Readonly<Record<string, readonly [least: number, most: number]>>} */
const LIMITS = {
  memoryHours: [1, 8766],
  telemetryDays: [1, 73000],
  quarantineDays: [1, 73000],
  streamShards: [1, 200],
  streamHours: [24, 8760],
  silenceMinutes: [5, 1440],
};

/** @type {Readonly<Record<string, readonly [form: RegExp, words: string]>>} */
const FORMS = {
  site: [/^[\w.:-]{1,64}$/, 'letters, digits and . _ : -'],
  topicPrefix: [
    /^[^$+#/][^+#]*[^+#/]$/,
    'levels of a topic, without wildcards and without a slash at either end',
  ],
  alertChat: [/^T\w+\/C\w+$/, 'the Slack workspace and channel as T…/C…'],
  alertTopic: [/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+$/, 'the ARN of an SNS topic'],
};

const NEEDED_FOR_EXISTING = ['telemetryDatabase', 'telemetryTable', 'incidentsTable'];

/** @param {string} name */
const isTimezone = (name) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
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
  if (name === 'timezone' && !isTimezone(text)) return 'must be an IANA time zone such as Asia/Seoul';
  return null;
};

/** @param {Framework} framework */
module.exports = async ({ options, resolveConfigurationProperty, resolveVariable }) => {
  const known = Object.keys(await resolveConfigurationProperty(['params', 'default']));
  const given = [options.param ?? []].flat().map((text) => text.split('=')[0] ?? '');
  /** @type {Record<string, string>} */
  const values = {};
  for (const name of known) values[name] = String(await resolveVariable(`param:${name}, ''`));

  const faults = given
    .filter((name) => !known.includes(name))
    .map((name) => `${name} is none of the parameters: ${known.join(', ')}`);
  for (const name of known) {
    const ending = fault(name, values[name] ?? '');
    if (ending !== null) faults.push(`${name} ${ending}, not "${values[name]}"`);
  }
  if (values.store === 'existing') {
    for (const name of NEEDED_FOR_EXISTING)
      if (values[name] === '') faults.push(`${name} is needed with store=existing`);
  }
  if (faults.length > 0) {
    const text = faults.join('\n');
    // The framework prints the stack where there is one; who typed this wants the sentence.
    throw Object.assign(new Error(text), { stack: text });
  }
  return values;
};
