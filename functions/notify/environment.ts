import * as v from 'valibot';
import { telemetryVariables } from '../../aws/lambda/telemetry-variables.ts';

const name = v.pipe(v.string(), v.nonEmpty('is not set'));

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
    LEDGER_TABLE: name,
    ALERT_TOPIC_ARN: name,
    ALERT_LANGUAGE: v.optional(v.picklist(['en', 'ko'], 'is neither en nor ko'), 'en'),
    ALERT_TIMEZONE: v.optional(v.pipe(v.string(), v.check(isTimeZone, 'is no IANA time zone')), 'UTC'),
    SITE: v.optional(v.string(), ''),
  }),
]);
