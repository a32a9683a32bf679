import * as v from 'valibot';
import { nameVariable, telemetryVariables } from '../../aws/lambda/read-environment.ts';

const isTimeZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== null;
  } catch {
    return false;
  }
};

/** What `notify` has to be told at its deployment. */
export const environment = v.intersect([
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
