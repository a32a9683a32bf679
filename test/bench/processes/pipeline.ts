import { renameSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { readingFor } from '../../../cli/options/map-file.ts';
import { readPolicyBook } from '../../../domain/alarm/policy/policy-book.ts';
import { createConsoleNotifier } from '../../../local/console/console-notifier.ts';
import { startLocal } from '../../../local/main.ts';
import { temporaryDataFolder } from '../../../local/run/data-folder.ts';
import { answer } from './answer.ts';
import { usage } from './usage.ts';

/** The whole local pipeline in a folder of its own, by a clock that keeps pace with the messages. */

const options = v.object({
  startMs: v.number(),
  /** By how much a message moves the clock on; without it that of the machine counts. */
  msPerMessage: v.optional(v.number()),
  /** A telemetry store of before, to be taken. */
  telemetry: v.optional(v.string()),
  /** The files of a map and of a model, for messages of devices. */
  map: v.optional(v.string()),
  score: v.optional(v.string()),
});
const { startMs, msPerMessage, telemetry, map, score } = v.parse(options, JSON.parse(process.argv[2] ?? ''));

const SWEEP_EVERY_MS = 5_000;
/** What is acknowledged is stored and watched; twins and notices go out behind, within this time. */
const BEHIND_MS = 500;

/** The clock counts messages of all connections, of which one may be minutes ahead of the others. */
const policies = readPolicyBook({ default: { futureToleranceMs: 600_000 } });
if (!policies.ok) throw new Error('the policy of the bench is none');

const folder = temporaryDataFolder();
if (telemetry !== undefined) renameSync(telemetry, folder.telemetry);
let messages = 0;
let notices = 0;
let incidents = 0;
let lines: readonly string[] = [];
const now = (): number =>
  msPerMessage === undefined ? Date.now() : startMs + Math.floor(messages * msPerMessage);

const local = await startLocal({
  reading: await readingFor({
    ...(map === undefined ? {} : { map }),
    ...(score === undefined ? {} : { score }),
  }),
  channels: { origin: { site: 'local', language: 'en' } },
  folder,
  mqttPort: 0,
  policies: policies.book,
  clockFrom: () => ({
    now,
    receivedAt: () => {
      messages += 1;
      return now();
    },
  }),
  notifier: createConsoleNotifier((items) => {
    notices += items.filter(({ kind }) => kind === 'notice').length;
    return items.map(() => undefined);
  }),
  onDoubtful: () => undefined,
  onIncident: () => {
    incidents += 1;
  },
  onFailure: (error) => {
    throw error;
  },
  log: (line) => {
    lines = [...lines, line];
  },
  ...(telemetry === undefined ? {} : { newStore: 'ledger' }),
});
const sweeping = setInterval(() => local.sweep(now()), SWEEP_EVERY_MS);

answer({
  port: () => local.port,
  usage,
  counts: () => ({ samples: local.counts().stored, faults: local.counts().quarantined }),
  taken: () => delay(BEHIND_MS),
  close: async () => {
    clearInterval(sweeping);
    await local.close();
    folder.dispose();
    return { stored: local.counts().stored, notices, incidents, lines };
  },
});
