import { INFERENCE_TOPIC } from '../../domain/message/topic.ts';
import type { Transport } from './transport.ts';

const RULE = /^\$aws\/rules\/[A-Za-z0-9_]{1,128}$/;

/** Whether a text is the beginning of a Basic Ingest topic, `$aws/rules/<rule>`. */
export const isRulePrefix = (text: string): boolean => RULE.test(text);

/**
 * Samples go straight to a rule, which saves the price of the messages but hides them from subscribers; what the
 * gateway says of itself stays on its topic.
 * https://docs.aws.amazon.com/iot/latest/developerguide/iot-basic-ingest.html
 */
export const basicIngestTransport = (transport: Transport, rulePrefix: string): Transport => {
  const redirect = (topic: string) =>
    topic.startsWith(`${INFERENCE_TOPIC}/`) ? `${rulePrefix}/${topic}` : topic;
  return { ...transport, publish: (topic, payload) => transport.publish(redirect(topic), payload) };
};
