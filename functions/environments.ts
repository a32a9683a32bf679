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
  HISTORY_TABLE: v.optional(nameVariable),
  POLICY: policiesVariable,
});

const languageVariable = v.optional(v.picklist(['en', 'ko'], 'is neither en nor ko'), 'en');
const timeZoneVariable = v.optional(v.pipe(v.string(), v.check(isTimeZone, 'is no IANA time zone')), 'UTC');
const addressVariable = v.pipe(v.string(), v.url('is no address'));

/** The key of links, and where its service answers: where the SDK is told to look, else at the address of the region. */
const linkVariables = {
  LINK_KEY_ID: nameVariable,
  KMS_ENDPOINT: addressVariable,
  AWS_ENDPOINT_URL: v.optional(addressVariable),
};

type LinkVariables = Readonly<{
  DESK_URL?: string | undefined;
  LINK_KEY_ID?: string | undefined;
  KMS_ENDPOINT?: string | undefined;
  AWS_ENDPOINT_URL?: string | undefined;
}>;

/** Of which desk and by which key links are made; null where there is no desk. */
export const linksOf = ({
  DESK_URL: url,
  LINK_KEY_ID: keyId,
  KMS_ENDPOINT,
  AWS_ENDPOINT_URL,
}: LinkVariables) => {
  const endpoint = AWS_ENDPOINT_URL ?? KMS_ENDPOINT;
  return url === undefined || keyId === undefined || endpoint === undefined ? null : { url, keyId, endpoint };
};

/** What `desk` has to be told at its deployment, by what it is for. */
export const deskEnvironment = v.pipe(
  v.object({
    LEDGER_TABLE: nameVariable,
    HISTORY_TABLE: nameVariable,
    POLICY: policiesVariable,
    DESK_VERSION: nameVariable,
    SITE: v.optional(v.string(), ''),
    ALERT_LANGUAGE: languageVariable,
    ALERT_TIMEZONE: timeZoneVariable,
    SIGN_IN_URL: addressVariable,
    SIGN_IN_CLIENT: nameVariable,
    ...linkVariables,
    DEAD_LETTER_QUEUE_URL: nameVariable,
    /** The name of the alarm on notices that wait, and the address of the quarantine. */
    BACKLOG_ALARM: nameVariable,
    QUARANTINE_ADDRESS: nameVariable,
    TELEMETRY_DATABASE: v.optional(nameVariable),
    TELEMETRY_TABLE: v.optional(nameVariable),
    QUERY_ENDPOINT: v.optional(addressVariable),
    AWS_ENDPOINT_URL_TIMESTREAM_QUERY: v.optional(addressVariable),
  }),
  v.transform((told) => {
    const { TELEMETRY_DATABASE: database, TELEMETRY_TABLE: samples } = told;
    const endpoint = told.AWS_ENDPOINT_URL_TIMESTREAM_QUERY ?? told.QUERY_ENDPOINT;
    const isAsked = database !== undefined && samples !== undefined && endpoint !== undefined;
    return {
      tables: { table: told.LEDGER_TABLE, historyTable: told.HISTORY_TABLE },
      policies: told.POLICY,
      about: {
        version: told.DESK_VERSION,
        site: told.SITE,
        language: told.ALERT_LANGUAGE,
        timeZone: told.ALERT_TIMEZONE,
      },
      signIn: { address: told.SIGN_IN_URL, client: told.SIGN_IN_CLIENT },
      link: { endpoint: told.AWS_ENDPOINT_URL ?? told.KMS_ENDPOINT, keyId: told.LINK_KEY_ID },
      queueUrl: told.DEAD_LETTER_QUEUE_URL,
      elsewhere: { backlog: told.BACKLOG_ALARM, quarantine: told.QUARANTINE_ADDRESS },
      /** Where samples are asked for; null where they lie in no store that the desk can ask. */
      store: isAsked ? { database, table: samples, endpoint } : null,
    };
  }),
);

/** What `notify` has to be told at its deployment. */
export const notifyEnvironment = v.intersect([
  telemetryVariables,
  v.object({
    LEDGER_TABLE: nameVariable,
    DEAD_LETTER_QUEUE_URL: nameVariable,
    ALERT_TOPIC_ARN: nameVariable,
    CANARY_TOPIC_ARN: v.optional(nameVariable),
    OPERATOR_TOPIC_ARN: nameVariable,
    ALERT_LANGUAGE: languageVariable,
    ALERT_TIMEZONE: timeZoneVariable,
    SITE: v.optional(v.string(), ''),
    DESK_URL: v.optional(addressVariable),
    ...v.partial(v.object(linkVariables)).entries,
  }),
]);

/** Where notices go: to people, to operators alone, and those of the canary. */
export const topicsOf = (told: v.InferOutput<typeof notifyEnvironment>) => ({
  topicArn: told.ALERT_TOPIC_ARN,
  operatorTopicArn: told.OPERATOR_TOPIC_ARN,
  canaryTopicArn: told.CANARY_TOPIC_ARN,
});

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
  HISTORY_TABLE: v.optional(nameVariable),
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
  HISTORY_TABLE: v.optional(nameVariable),
  TOPIC_PREFIX: v.optional(v.string()),
  POLICY: policiesVariable,
});
