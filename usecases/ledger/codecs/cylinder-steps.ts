import { EMPTY_BASELINE } from '../../../domain/cylinder/baseline.ts';
import { verdictOn } from '../../../domain/cylinder/command-verdict.ts';
import { type Fields, isFields } from '../../../domain/fields.ts';
import type { UpgradeStep } from '../record-codec.ts';

/** JSON has no word for what grew beyond all numbers: such a baseline is learned anew. */
const baseline = (stored: unknown): unknown =>
  isFields(stored) && Number.isFinite(stored.mean) && Number.isFinite(stored.variance)
    ? stored
    : EMPTY_BASELINE;

const statistics = ({ usual, last, ...fields }: Fields): Fields => ({
  sequence: null,
  runningMs: 0,
  ...fields,
  last: isFields(last) ? { boot: null, seq: null, model: null, why: null, ...last } : last,
  baselines: Array.isArray(usual) ? usual.map(baseline) : usual,
});

const incident = (fields: Fields, samplePeriodMs: unknown): Fields => ({
  raisedSlots: [Number(fields.raisedAt) / Number(samplePeriodMs)],
  reopenings: 0,
  active: 0,
  clearedSlot: null,
  final: false,
  notices: 0,
  acknowledgedBy: null,
  comment: null,
  endedAt: null,
  closing: null,
  ...fields,
});

const alarm = (fields: Fields, last: Fields): Fields => ({
  evaluatedSinceTick: 0,
  runningSlots: 0,
  receivedSlot: fields.evaluatedSlot ?? null,
  hold: 0,
  former: null,
  told: null,
  missed: null,
  shelf: null,
  maintenance: null,
  commandAt: {},
  // Where it is not known when and by whom it was heard last, its last sample says so: its OFFLINE hangs on it.
  gateway: last.gateway ?? null,
  lastSeenAt: last.t ?? null,
  silence: null,
  lateSamples: 0,
  ...fields,
  incident: isFields(fields.incident) ? incident(fields.incident, fields.samplePeriodMs) : null,
});

/** How far a clock may be ahead is no longer a matter of one cylinder: its samples are stored before anybody looks. */
const overrides = (stored: unknown): unknown => {
  if (!isFields(stored)) return stored ?? null;
  const { futureToleranceMs, ...fields } = stored;
  return Object.keys(fields).length === 0 ? null : fields;
};

/** From the first records, which bore no version: `vitals`, `usual` and `asked` were their names, and the older lack fields. */
const toVersion1: UpgradeStep = ({ vitals, asked, ...fields }) => {
  const last = isFields(vitals) && isFields(vitals.last) ? vitals.last : {};
  return {
    refused: null,
    twinAt: 0,
    twinKey: '',
    // Due at once: what it would wait for is not known.
    dueAt: 0,
    restsUntil: null,
    ...fields,
    commands: asked ?? {},
    overrides: overrides(fields.overrides),
    statistics: isFields(vitals) ? statistics(vitals) : null,
    alarm: isFields(fields.alarm) ? alarm(fields.alarm, last) : fields.alarm,
  };
};

const sequence = ({ received, ...fields }: Fields, last: unknown): Fields => ({
  ...fields,
  newestMs: isFields(last) ? last.t : 0,
  gaps: [],
  // Which of them were missing was not kept: they stay so.
  lost: Number(fields.highest) - Number(fields.first) + 1 - Number(received),
});

/** From the records that knew nothing of what a cylinder was like while abnormal, and of the numbers only how many came. */
const toVersion2: UpgradeStep = ({ statistics: known, ...fields }) => ({
  ...fields,
  statistics: isFields(known)
    ? {
        ...known,
        abnormal: null,
        normalProbability: null,
        sequence: isFields(known.sequence) ? sequence(known.sequence, known.last) : null,
      }
    : null,
});

/** Whether the machine ran in a slot that waits, `slot × 8 + flags`, where 2 says so. */
const isRunning = (entry: number): boolean => entry % 4 >= 2;

const incident3 = ({ clearedSlot, ...fields }: Fields, samplePeriodMs: number): Fields => ({
  ...fields,
  clearedAt: typeof clearedSlot === 'number' ? clearedSlot * samplePeriodMs : null,
  endedBy: fields.endedAt === null ? null : 'maintenance',
});

const liveness3 = (lastSeenAt: unknown, silence: unknown): Fields => ({
  lastHeardAt: lastSeenAt,
  heardSince: lastSeenAt,
  offline: isFields(silence)
    ? { lastHeardAt: silence.lastSeenAt, flapping: false, heardAgainAt: null }
    : null,
  offlineTimes: [],
});

/** An incident is named after its cylinder and the start of the slot that raised it. */
const raisedAtOf = (id: unknown): number => Number(/@(\d+)$/.exec(String(id))?.[1] ?? 0);

const notified3 = ({ incident: id, ...fields }: Fields, incident: unknown): Fields => ({
  ...fields,
  raisedAt: raisedAtOf(id),
  active: isFields(incident) ? incident.active : 0,
});

const unnotified3 = ({ newest, ...fields }: Fields): Fields => ({
  ...fields,
  newest: (Array.isArray(newest) ? newest : []).map((past: unknown) =>
    isFields(past) ? [past.raisedAt, past.severity, past.notices] : past,
  ),
});

const alarm3 = ({
  former,
  told,
  missed,
  silence,
  pending,
  evaluatedSlot,
  evaluatedSinceTick,
  ...fields
}: Fields): Fields => {
  const { incident, lastSeenAt } = fields;
  const samplePeriodMs = Number(fields.samplePeriodMs);
  const waiting = Array.isArray(pending) ? pending.map(Number) : [];
  const newest = waiting.at(-1);
  return {
    ...fields,
    pendingSteps: waiting.map((entry, index) => entry - (waiting[index - 1] ?? 0)),
    isHighestRunning: newest === undefined ? Number(fields.runningSlots) > 0 : isRunning(newest),
    evaluatedAt: typeof evaluatedSlot === 'number' ? evaluatedSlot * samplePeriodMs : null,
    evaluatedMsSinceTick: Number(evaluatedSinceTick) * samplePeriodMs,
    incident: isFields(incident) ? incident3(incident, samplePeriodMs) : null,
    superseded: former,
    notified: isFields(told) ? notified3(told, incident) : null,
    unnotified: isFields(missed) ? unnotified3(missed) : null,
    liveness: typeof lastSeenAt === 'number' ? liveness3(lastSeenAt, silence) : null,
    offlineGateway: isFields(silence) ? silence.gateway : null,
    // When a slot was judged last is not known: what is heard in vain is told as long after it was heard last.
    judging: {
      judgedAt: null,
      heardAnewAt: lastSeenAt,
      unjudged: { ahead: 0, late: 0, coverage: 0, 'warm-up': 0 },
      unwatched: null,
    },
  };
};

/** The rules of when a cylinder is heard in vain, what flaps, and what maintenance or a new period ended. */
const toVersion3: UpgradeStep = (fields) => ({
  ...fields,
  alarm: isFields(fields.alarm) ? alarm3(fields.alarm) : fields.alarm,
});

/**
 * From the records that knew of commands only which are in force and which was refused last: both still stand in the
 * desired state of the twin, from which they are cleared now that they are answered.
 */
const toVersion4: UpgradeStep = ({ commands, refused, ...fields }) => {
  const receivedAt = Number(fields.twinAt);
  const inForce = Object.entries(isFields(commands) ? commands : {}).flatMap(([type, command]) =>
    isFields(command)
      ? [verdictOn({ ...command, type }, receivedAt, { result: 'in-force', incident: null })]
      : [],
  );
  return { commands, refused, lastCommands: inForce, ...fields };
};

const alarm5 = ({ incident: latest, ...fields }: Fields): Fields => ({
  ...fields,
  incident: isFields(latest) ? { abnormalAt: null, ...latest } : latest,
});

/** From the records that did not keep when an incident was abnormal last. */
const toVersion5: UpgradeStep = (fields) => ({
  ...fields,
  alarm: isFields(fields.alarm) ? alarm5(fields.alarm) : fields.alarm,
});

/** From the records that did not know when in their slots samples were taken: it is seen anew within two minutes. */
const toVersion6: UpgradeStep = ({ statistics: known, ...fields }) => ({
  ...fields,
  statistics: isFields(known) ? { probes: [], ...known } : known,
});

/** From the records without a roll-up of the five minutes that go on: it begins with the next sample. */
const toVersion7: UpgradeStep = ({ statistics: known, ...fields }) => ({
  ...fields,
  statistics: isFields(known) ? { rollup: null, ...known } : known,
});

export const CYLINDER_STEPS: readonly UpgradeStep[] = [
  toVersion1,
  toVersion2,
  toVersion3,
  toVersion4,
  toVersion5,
  toVersion6,
  toVersion7,
];
