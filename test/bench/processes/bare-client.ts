import mqtt from 'mqtt';
import { ALL_TOPICS } from '../traffic.ts';
import { answer } from './answer.ts';
import { messageCount } from './message-count.ts';
import { usage } from './usage.ts';

/** The least that a program in this language can do with messages: receive and parse them. */
const received = messageCount();
const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${process.argv[2]}`);
client.on('message', (_, payload) => {
  const message: unknown = JSON.parse(payload.toString());
  if (typeof message === 'object') received.add();
});
const subscribed = client.subscribeAsync(ALL_TOPICS, { qos: 1 });

answer({ subscribed: () => subscribed, taken: received.until, usage });
