import type { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';
import { COMMAND_TYPES } from '../../domain/alarm/commands/command.ts';
import { type Fields, isFields, isSame, without } from '../../domain/fields.ts';
import { isOlderRecord, type RecordSave, type TwinReport } from '../../domain/twin/build-twin.ts';
import { answeredCommands } from '../../domain/twin/desired.ts';
import type { Twins } from '../../usecases/ports/twins.ts';
import { ShadowError } from '../aws-error.ts';
import { lastUsed } from '../last-used.ts';
import { createShadowService, type Shadow } from './service.ts';

/** What is given up where a report is too large, the least important first, each with the name that the twin shows. */
const MIN_FIRST: readonly (readonly [name: string, giveUp: (report: Fields) => Fields])[] = [
  ['lastSample.why', (report) => within(report, 'lastSample', (sample) => without(sample, ['why']))],
  ['comments', (report) => COMMAND_TYPES.reduce(withoutTexts, report)],
  ['policy', (report) => without(report, ['policy'])],
  ['lastSample', (report) => without(report, ['lastSample'])],
  ['commands', (report) => without(report, COMMAND_TYPES)],
  ['lastCommands', (report) => newestCommand(report)],
  ['suppression.reason', (report) => within(report, 'suppression', (it) => without(it, ['reason', 'by']))],
  ['refused', (report) => without(report, ['refused'])],
  ['everything but the alarm', (report) => only(report, ALARM)],
  ['incident', (report) => within(report, 'incident', (it) => only(it, ['id', 'open', 'severity', 'began']))],
];

const ALARM = [
  'recordVersion',
  'recordSavedAt',
  'condition',
  'severity',
  'since',
  'incident',
  'quality',
  'suppression',
] as const;

/** What of a command a person who waits for its answer has to see. */
const KEPT_OF_COMMAND = ['id', 'by', 'until', 'outcome'] as const;

const only = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));

const within = (fields: Fields, name: string, change: (part: Fields) => Fields): Fields => {
  const part = fields[name];
  return isFields(part) ? { ...fields, [name]: change(part) } : fields;
};

const withoutTexts = (report: Fields, type: string): Fields =>
  within(report, type, (command) => only(command, KEPT_OF_COMMAND));

/** The newest answer stays: somebody waits for it. */
const newestCommand = (report: Fields): Fields => {
  const { lastCommands } = report;
  return Array.isArray(lastCommands) ? { ...report, lastCommands: lastCommands.slice(0, 1) } : report;
};

/** The bytes of a state as AWS counts them: compact UTF-8 JSON, without its metadata. */
export const stateBytes = (state: unknown): number => Buffer.byteLength(JSON.stringify(state));

/**
 * The report in at most so many bytes: what matters least is left out first, and `leftOut` names it. The condition,
 * its severity and the incident always stay; null where not even these fit.
 */
export const fitReport = (report: Fields, bytesAtMost: number): Fields | null => {
  if (stateBytes(report) <= bytesAtMost) return report;
  let fitting = report;
  const leftOut: string[] = [];
  for (const [name, giveUp] of MIN_FIRST) {
    fitting = giveUp(fitting);
    leftOut.push(name);
    const told = { ...fitting, leftOut };
    if (stateBytes(told) <= bytesAtMost) return told;
  }
  return null;
};

/** An object as a shadow keeps it: JSON, without the keys that say null. */
export const withoutNulls = (object: Fields): Fields =>
  Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => [key, isFields(value) ? withoutNulls(value) : value]),
  );

/**
 * The least patch that makes a shadow's state say what `wanted` (without nulls) says: null takes a key away. Null where
 * it says so already.
 */
export const patchTowards = (current: Fields, wanted: Fields): Fields | null => {
  const changes: [string, unknown][] = [];
  for (const [key, value] of Object.entries(wanted)) {
    const before = Object.hasOwn(current, key) ? current[key] : undefined;
    if (isFields(before) && isFields(value)) {
      const below = patchTowards(before, value);
      if (below !== null) changes.push([key, below]);
    } else if (!isSame(before, value)) changes.push([key, value]);
  }
  for (const key of Object.keys(current)) if (!Object.hasOwn(wanted, key)) changes.push([key, null]);
  return changes.length === 0 ? null : Object.fromEntries(changes);
};

type Options = Readonly<{
  client: IoTDataPlaneClient;
  shadowName: string;
  /** How many shadows are kept in mind between calls; about 2 KB each. */
  remembered?: number;
}>;

/** AWS allows 8 KB for what is desired and reported together; a little is left for how it counts. */
const MAX_STATE_BYTES = 8000;

/** Somebody else has to write the same twin between reading and writing this often in a row. */
const ATTEMPTS = 8;

/** Stands in a shadow for a moment, so that even its first report is written only over what was read. */
const OPENING: Fields = { opening: true };
const OPENED: Fields = { opening: null };

const reportOf = (twin: TwinReport, { version, savedAt }: RecordSave): Fields => {
  const record = { recordVersion: version, recordSavedAt: savedAt };
  const plain: unknown = JSON.parse(JSON.stringify({ ...twin, ...record }));
  return isFields(plain) ? withoutNulls(plain) : {};
};

/** What takes names away from a shadow. */
const nulls = (names: readonly string[]): Fields => Object.fromEntries(names.map((name) => [name, null]));

const numberOrNothing = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined;

/** Whether a shadow shows a record that was saved after that one. */
const isNewer = ({ reported }: Shadow, save: RecordSave): boolean => {
  const version = numberOrNothing(reported.recordVersion);
  return (
    version !== undefined &&
    isOlderRecord(save, { version, savedAt: numberOrNothing(reported.recordSavedAt) })
  );
};

/**
 * The twins as named shadows of AWS IoT. Writes only what changed, over the version that it saw, and says as
 * `recordVersion` and `recordSavedAt` of which save of the record it was made; a report that has no room gives up what
 * `leftOut` names. Commands that it says the answer of are cleared from what is desired in the same update, and wake
 * `command` to find nothing.
 */
export const createShadowTwins = ({ client, shadowName, remembered = 2000 }: Options): Twins => {
  const service = createShadowService(client, shadowName);
  const known = lastUsed<Shadow>(remembered);

  const look = async (cylinder: string): Promise<Shadow | null> => {
    const shadow = known.get(cylinder) ?? (await service.read(cylinder));
    if (shadow !== null) known.set(cylinder, shadow);
    return shadow;
  };

  /** Writes the report in so many bytes; gives up more of it where the service counts differently. */
  const write = async (cylinder: string, shadow: Shadow, report: Fields): Promise<boolean> => {
    const answered = answeredCommands(report, shadow.desired, shadow.desiredMetadata);
    const desired = without(shadow.desired, answered);
    const desiredBytes = Object.keys(desired).length === 0 ? 0 : stateBytes(desired);
    let bytes = MAX_STATE_BYTES - desiredBytes;
    for (let fitting = fitReport(report, bytes); fitting !== null; fitting = fitReport(report, bytes)) {
      const patch = patchTowards(shadow.reported, fitting);
      const outcome =
        patch === null && answered.length === 0
          ? { kind: 'written' as const, version: shadow.version }
          : await service.write(
              cylinder,
              {
                ...(patch === null ? {} : { reported: patch }),
                ...(answered.length === 0 ? {} : { desired: nulls(answered) }),
              },
              shadow.version,
            );
      if (outcome.kind === 'written') {
        known.set(cylinder, { ...shadow, version: outcome.version, reported: fitting, desired });
        return true;
      }
      if (outcome.kind === 'conflict') return false;
      bytes = stateBytes(fitting) - 1;
    }
    throw new ShadowError(
      'poison',
      `the twin of ${cylinder} has no room for its report: ${desiredBytes} bytes are desired of it; take some back`,
    );
  };

  return {
    report: async (cylinder, twin, version, savedAt) => {
      const save = { version, savedAt };
      const report = reportOf(twin, save);
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const shadow = await look(cylinder);
        if (shadow === null) await service.write(cylinder, { reported: OPENING }, null);
        else if (isNewer(shadow, save)) {
          if (Object.hasOwn(shadow.reported, 'opening'))
            await service.write(cylinder, { reported: OPENED }, null);
          return;
        } else if (await write(cylinder, shadow, report)) return;
        else known.forget(cylinder);
      }
      throw new ShadowError(
        'retry',
        `the twin of ${cylinder} was written by others ${ATTEMPTS} times in between`,
      );
    },
  };
};
