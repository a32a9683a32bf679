import * as v from 'valibot';
import { nameVariable, policiesVariable, telemetryVariables } from '../aws/lambda/read-environment.ts';
import { INFERENCE_TOPIC } from '../domain/message/topic.ts';

const isTimeZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== null;
  } catch {
    return false;
  }
};

/** What `canary` has to be told at its deployment. */
export const canaryEnvironment = v.object({
  ALERT_TOPIC_ARN: nameVariable,
  TOPIC_PREFIX: v.optional(v.string(), INFERENCE_TOPIC),
});

/** What `command` has to be told at its deployment. */
export const commandEnvironment = v.object({
  LEDGER_TABLE: nameVariable,
  POLICY: policiesVariable,
});

/** What `notify` has to be told at its deployment. */
export const notifyEnvironment = v.intersect([
  telemetryVariables,
  v.object({
    LEDGER_TABLE: nameVariable,
    DEAD_LETTER_QUEUE_URL: nameVariable,
    ALERT_TOPIC_ARN: nameVariable,
    CANARY_TOPIC_ARN: v.optional(nameVariable),
    ALERT_LANGUAGE: v.optional(v.picklist(['en', 'ko'], 'is neither en nor ko'), 'en'),
    ALERT_TIMEZONE: v.optional(v.pipe(v.string(), v.check(isTimeZone, 'is no IANA time zone')), 'UTC'),
    SITE: v.optional(v.string(), ''),
  }),
]);

/** What `store` has to be told at its deployment. */
export const storeEnvironment = v.intersect([
  telemetryVariables,
  v.object({
    QUARANTINE_BUCKET: nameVariable,
    DEAD_LETTER_QUEUE_URL: nameVariable,
    TOPIC_PREFIX: v.optional(v.string()),
    POLICY: policiesVariable,
  }),
]);

/** What `sweep` has to be told at its deployment. */
export const sweepEnvironment = v.object({
  LEDGER_TABLE: nameVariable,
  POLICY: policiesVariable,
});

/** What `twin` has to be told at its deployment: where things live, if not where the SDK looks for them. */
export const twinEnvironment = v.object({
  DEAD_LETTER_QUEUE_URL: nameVariable,
  IOT_DATA_ENDPOINT: v.optional(v.pipe(v.string(), v.url('is no address'))),
});

/** What `watch` has to be told at its deployment. */
export const watchEnvironment = v.object({
  DEAD_LETTER_QUEUE_URL: nameVariable,
  LEDGER_TABLE: nameVariable,
  TOPIC_PREFIX: v.optional(v.string()),
  POLICY: policiesVariable,
});
