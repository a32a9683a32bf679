import { COMMAND_TYPES } from '../../domain/alarm/commands/command.ts';
import { type Fields, isFields, without } from '../../domain/fields.ts';

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
