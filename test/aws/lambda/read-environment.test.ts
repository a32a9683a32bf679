import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type * as v from 'valibot';
import { readEnvironment } from '../../../aws/lambda/read-environment.ts';
import { DEFAULT_POLICY } from '../../../domain/alarm/policy/policy.ts';
import {
  commandEnvironment as command,
  notifyEnvironment as notify,
  storeEnvironment as store,
  sweepEnvironment as sweep,
  twinEnvironment as twin,
  watchEnvironment as watch,
} from '../../../functions/environments.ts';

const TIMESTREAM = {
  TELEMETRY_STORE: 'timestream',
  TELEMETRY_DATABASE: 'd',
  TELEMETRY_TABLE: 's',
  INCIDENTS_TABLE: 'i',
};
const LAKE = {
  TELEMETRY_STORE: 'lake',
  LAKE_SAMPLES_STREAM: 's',
  LAKE_INCIDENTS_STREAM: 'i',
  LAKE_NOTICES_STREAM: 'n',
  LAKE_TRANSITIONS_STREAM: 't',
  LAKE_COMMANDS_STREAM: 'c',
  LAKE_QUARANTINE_STREAM: 'q',
};
const LEDGER = { LEDGER_TABLE: 't' };
const PARKING = { DEAD_LETTER_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead' };
const WATCHING = { ...LEDGER, ...PARKING };
const TELLING = {
  ...LEDGER,
  ...TIMESTREAM,
  ...PARKING,
  ALERT_TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:alerts',
  OPERATOR_TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:operators',
};
const STORING = { ...TIMESTREAM, ...PARKING, QUARANTINE_BUCKET: 'q' };

type Variables = Readonly<Record<string, string>>;
type Case = readonly [what: string, schema: v.GenericSchema, variables: Variables];

describe('a function that was deployed as it should be', () => {
  const cases: readonly Case[] = [
    ['watch', watch, WATCHING],
    ['sweep', sweep, LEDGER],
    ['command', command, LEDGER],
    ['twin', twin, PARKING],
    ['store to Timestream', store, STORING],
    ['store to the lake', store, { ...LAKE, ...PARKING, QUARANTINE_BUCKET: 'q' }],
    ['notify', notify, TELLING],
    ['notify in Korean in Seoul', notify, { ...TELLING, ALERT_LANGUAGE: 'ko', ALERT_TIMEZONE: 'Asia/Seoul' }],
  ];
  for (const [what, schema, variables] of cases) {
    test(`${what} starts, whatever else its environment holds`, () => {
      assert.doesNotThrow(() => readEnvironment(schema, { ...variables, PATH: '/bin' }));
    });
  }
});

describe('a function that was not says which variable is wrong', () => {
  const cases: readonly (readonly [...Case, fault: RegExp])[] = [
    ['no ledger', watch, {}, /LEDGER_TABLE/],
    ['an empty name of the ledger', sweep, { LEDGER_TABLE: '' }, /LEDGER_TABLE: is not set/],
    ['no quarantine', store, TIMESTREAM, /QUARANTINE_BUCKET/],
    ['no telemetry store', store, { QUARANTINE_BUCKET: 'q' }, /TELEMETRY_STORE/],
    ['an unknown telemetry store', store, { ...STORING, TELEMETRY_STORE: 'tape' }, /TELEMETRY_STORE/],
    [
      'a lake without streams',
      store,
      { TELEMETRY_STORE: 'lake', QUARANTINE_BUCKET: 'q' },
      /LAKE_SAMPLES_STREAM/,
    ],
    ['nowhere to park', twin, {}, /DEAD_LETTER_QUEUE_URL/],
    ['no topic', notify, { ...LEDGER, ...TIMESTREAM }, /ALERT_TOPIC_ARN/],
    [
      'another language',
      notify,
      { ...TELLING, ALERT_LANGUAGE: 'fr' },
      /ALERT_LANGUAGE: is neither en nor ko/,
    ],
    [
      'no time zone',
      notify,
      { ...TELLING, ALERT_TIMEZONE: 'Mars/Olympus' },
      /ALERT_TIMEZONE: is no IANA time zone/,
    ],
    ['a policy that is no JSON', watch, { ...LEDGER, POLICY: '{' }, /POLICY: the policy is not JSON/],
    ['a policy that is none', watch, { ...LEDGER, POLICY: '{"raiseRatio":2}' }, /POLICY: raiseRatio/],
  ];
  for (const [what, schema, variables, fault] of cases) {
    test(what, () => {
      assert.throws(() => readEnvironment(schema, variables), fault);
    });
  }

  test('all of them in one line', () => {
    assert.throws(
      () => readEnvironment(store, {}),
      /^Error: [^\n]*TELEMETRY_STORE[^\n]*QUARANTINE_BUCKET[^\n]*$/,
    );
  });
});

describe('the policy of a deployment', () => {
  for (const [what, variables] of [
    ['absent', WATCHING],
    ['empty', { ...WATCHING, POLICY: '' }],
    ['blank', { ...WATCHING, POLICY: ' \n' }],
  ] as const) {
    test(`is the default where it is ${what}`, () => {
      assert.deepEqual(readEnvironment(watch, variables).POLICY.default, DEFAULT_POLICY);
    });
  }

  test('holds for a line, and for the cylinders that it names', () => {
    const POLICY = JSON.stringify({
      default: { threshold: 0.6 },
      cylinders: { 'press-*': { threshold: 0.8 } },
    });
    const book = readEnvironment(watch, { ...WATCHING, POLICY }).POLICY;
    assert.equal(book.of('cyl-07').threshold, 0.6);
    assert.equal(book.of('press-1').threshold, 0.8);
  });
});
