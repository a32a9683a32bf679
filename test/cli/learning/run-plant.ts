import assert from 'node:assert/strict';
import { readPolicyBook } from '../../../domain/alarm/policy/policy-book.ts';
import type { IncidentRecord } from '../../../domain/incident/incident-record.ts';
import { loadModel } from '../../../edge/model/formats/read-model.ts';
import type { Model } from '../../../edge/model/model.ts';
import type { Source } from '../../../edge/sources/source.ts';
import { realClock } from '../../../edge/timing/timing.ts';
import { startLocal } from '../../../local/main.ts';
import { openDataFolder } from '../../../local/run/data-folder.ts';
import { recordingClock, runFeed, sweepByRecording } from '../../../local/run/run-time.ts';
import { sendCommand } from '../../../usecases/send-command.ts';
import { HOUR_MS, MINUTE_MS, START_MS } from './press-shop.ts';

/** What a person finds who looks into an incident. */
type Finding = Readonly<{ outcome: 'fault' | 'no-fault-found'; mode?: string }>;

type PlantTime = Readonly<{
  folder: string;
  policy: object;
  models: Readonly<{ champion: string; challenger?: string }>;
  fromMs: number;
  toMs: number;
  samples: (fromMs: number, toMs: number) => Source;
  findingOf: (incident: IncidentRecord) => Finding;
}>;

const modelIn = async (path: string): Promise<Model> => {
  const loaded = await loadModel(path);
  return loaded.ok ? loaded.model : assert.fail(loaded.error.message);
};

const bookOf = (policy: object) => {
  const reading = readPolicyBook(policy);
  return reading.ok ? reading.book : assert.fail('the policy is not sound');
};

const ALL = {
  cylinder: null,
  open: null,
  severity: null,
  outcome: null,
  from: null,
  to: null,
  limit: 1000,
  after: null,
};

/**
 * Runs the whole pipeline over some time of a plant, as fast as it goes: a gateway that scores, MQTT, storage, alarm and
 * notices. Once an hour people close the incidents that they were told of and that are over, with what they found.
 * Returns all incidents that there have been.
 */
export const runPlant = async (time: PlantTime): Promise<readonly IncidentRecord[]> => {
  const champion = await modelIn(time.models.champion);
  const challenger = time.models.challenger === undefined ? null : await modelIn(time.models.challenger);
  let onReceived: (now: number) => void = () => undefined;
  const local = await startLocal({
    folder: openDataFolder(time.folder),
    mqttPort: 0,
    policies: bookOf(time.policy),
    clockFrom: () => recordingClock(time.fromMs),
    channels: { origin: { site: 'local', language: 'en' } },
    notifier: { notify: () => Promise.resolve() },
    onReceived: (now) => onReceived(now),
    onDoubtful: () => undefined,
    onIncident: () => undefined,
    onFailure: (error) => {
      throw error;
    },
    log: () => undefined,
  });
  const closeTold = async (): Promise<void> => {
    const incidents = await local.desk.view.incidents({ ...ALL, outcome: 'none', open: false });
    for (const incident of incidents) {
      if (incident.toldAt === null) continue;
      const answer = await sendCommand(local.desk.twins)(incident.cylinder, 'close', `close-${incident.id}`, {
        by: 'maintenance',
        incident: incident.id,
        ...time.findingOf(incident),
      });
      assert.equal(answer.kind, 'in-force', JSON.stringify(answer));
    }
  };
  try {
    onReceived = sweepByRecording(local.sweep, MINUTE_MS, time.fromMs);
    for (let fromMs = time.fromMs; fromMs < time.toMs; fromMs += HOUR_MS) {
      const feed = {
        source: time.samples(fromMs, Math.min(fromMs + HOUR_MS, time.toMs)),
        gateway: 'press-shop',
        boot: `hour-${(fromMs - START_MS) / HOUR_MS}`,
        model: champion,
        challenger,
        clock: realClock(1),
        pace: 'arrival' as const,
      };
      await runFeed(feed, local.port, new AbortController().signal);
      await local.settled();
      await closeTold();
    }
    return await local.desk.view.incidents(ALL);
  } finally {
    await local.close();
  }
};
