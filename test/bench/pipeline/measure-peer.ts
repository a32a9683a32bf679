import * as v from 'valibot';
import { startProcess } from '../processes/start-process.ts';
import { type Cost, type Load, underLoad } from './under-load.ts';

/** A process that subscribes to a bare broker, itself in another process, under a load. */
const measureSubscriber = async (script: string, args: readonly string[], load: Load): Promise<Cost> => {
  const broker = startProcess({ script: './bare-broker.ts' });
  try {
    const port = await broker.ask(v.number(), 'port');
    const subscriber = startProcess({ script, args: [String(port), ...args] });
    try {
      await subscriber.ask(v.unknown(), 'subscribed');
      return await underLoad(subscriber, port, load);
    } finally {
      await subscriber.end();
    }
  } finally {
    await broker.end();
  }
};

/** The floor: mqtt.js receives each message and parses its JSON, and that is all. */
export const measureBareClient = (load: Load): Promise<Cost> =>
  measureSubscriber('./bare-client.ts', [], load);

/** Node-RED, installed in a folder, with the alarm rule in a function node; it stores nothing. */
export const measureNodeRed = (folder: string, load: Load): Promise<Cost> =>
  measureSubscriber('./node-red.ts', [folder], load);
