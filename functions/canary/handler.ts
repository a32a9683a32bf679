import { IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane';
import { SNSClient } from '@aws-sdk/client-sns';
import { functionClient } from '../../aws/client-settings.ts';
import { observed, traced } from '../../aws/lambda/observed.ts';
import { readEnvironment } from '../../aws/lambda/read-environment.ts';
import { requireListeners } from '../../aws/sns/notifier.ts';
import { CANARY } from '../../domain/message/topic.ts';
import { canaryEnvironment } from '../environments.ts';

const { ALERT_TOPIC_ARN, TOPIC_PREFIX } = readEnvironment(canaryEnvironment);
const iot = traced(new IoTDataPlaneClient(functionClient));
const sns = traced(new SNSClient(functionClient));

/** A second that raises an incident, one that ends it, and one that makes the second due: (how long ago, probability). */
const ROUND = [
  [3000, 1],
  [2000, 0],
  [1000, 0],
] as const;

/** Publishes one message as a gateway does; what becomes of it is for the alarm on the queue of its notices. */
export const handler = observed(async () => {
  await requireListeners(sns, ALERT_TOPIC_ARN);
  const now = Date.now();
  const samples = ROUND.map(([agoMs, probability]) => ({
    t: now - agoMs,
    rVibration_Temp: null,
    probability,
  }));
  const payload = Buffer.from(JSON.stringify({ v: 1, cylinder: CANARY, samples }));
  await iot.send(new PublishCommand({ topic: `${TOPIC_PREFIX}/${CANARY}/${CANARY}`, qos: 1, payload }));
});
