import { INFERENCE_TOPIC } from '../../domain/message/topic.ts';

/**
 * What became of one publish. Where `confirmed` is there, the other side took the message and may still lose it: true
 * once it is beyond doubt, false when it is to be sent again; it may never settle. `fatal` is for what no repetition cures, such as a right that is missing.
 */
export type Published =
  | Readonly<{ ok: true; confirmed?: Promise<boolean> }>
  | Readonly<{ ok: false; reason: 'offline' | 'fatal'; message: string }>;

/** A way out of the gateway, at least once: MQTT, or the IPC of a Greengrass nucleus. */
export type Transport = Readonly<{
  /** Resolves when it is worth trying, or at once when the signal is aborted; keeps its own pauses between attempts. */
  ready(signal: AbortSignal): Promise<void>;
  /** Resolves once the other side has taken the message, or when that cannot happen any more; may never settle. */
  publish(topic: string, payload: string): Promise<Published>;
  /** Begins anew, as something got stuck: a publish that has not settled will be repeated. */
  reset(): void;
  close(): Promise<void>;
}>;

const RULE = /^\$aws\/rules\/[A-Za-z0-9_]{1,128}$/;

/** Whether a text is the beginning of a Basic Ingest topic, `$aws/rules/<rule>`. */
export const isRulePrefix = (text: string): boolean => RULE.test(text);

/** Levels of a topic below which gateways publish: no wildcard, no slash at either end, none of the topics of AWS itself. */
const TOPIC_PREFIX = /^(?!\$)[^+#/\s]+(\/[^+#/\s]+){0,5}$/;
export const isTopicPrefix = (text: string): boolean => TOPIC_PREFIX.test(text);

/** Samples go below another topic than the usual one, as where several sites share an account. */
export const prefixedTransport = (transport: Transport, topicPrefix: string): Transport => ({
  ...transport,
  publish: (topic, payload) =>
    transport.publish(
      topic.startsWith(`${INFERENCE_TOPIC}/`)
        ? `${topicPrefix}${topic.slice(INFERENCE_TOPIC.length)}`
        : topic,
      payload,
    ),
});

/**
 * Samples go straight to a rule, which saves the price of the messages but hides them from subscribers; what the
 * gateway says of itself stays on its topic.
 * https://docs.aws.amazon.com/iot/latest/developerguide/iot-basic-ingest.html
 */
export const basicIngestTransport = (
  transport: Transport,
  rulePrefix: string,
  topicPrefix = INFERENCE_TOPIC,
): Transport => prefixedTransport(transport, `${rulePrefix}/${topicPrefix}`);
