import { Command, Option } from 'commander';
import { UNWATCHED_CAUSES, type UnwatchedCause } from '../domain/alarm/state/output.ts';
import { type Fields, isFields } from '../domain/fields.ts';
import { printable } from '../domain/printable.ts';
import { titledTable } from '../local/console/screen.ts';
import { durationText, utcText } from '../notification/time-text.ts';
import type { TwinClient } from '../usecases/ports/twin-client.ts';
import {
  type AwsOptions,
  clientSettings,
  endpointOption,
  profileOption,
  regionOption,
} from './options/aws-options.ts';
import { brokerUrl, name } from './options/option-value.ts';
import { unwatchedCheck, unwatchedText } from './status/status-lines.ts';
import { writeLine } from './terminal/output.ts';
import { UsageError } from './terminal/usage-error.ts';

/** What is said under a title; null where there is nothing to say. */
type Line = readonly [title: string, text: string | null];

const text = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : null;

const parts = (of: readonly (string | null)[]): string | null => of.filter(Boolean).join(', ') || null;

const timeWithAge = (ms: unknown, now: number): string | null =>
  typeof ms === 'number' ? `${utcText(ms)}, ${durationText(now - ms)} ago` : null;

const QUALITY: Readonly<Record<string, string>> = {
  good: 'good',
  partial: 'partial: not every sensor answers',
  thin: 'thin: too few samples to judge well, see sampling',
  stale: 'stale: silent for a while',
  offline: 'offline: it was told as silent',
};

const causeOf = ({ quality, unwatched }: Fields): UnwatchedCause | null => {
  if (quality !== 'unwatched' || !isFields(unwatched)) return null;
  return UNWATCHED_CAUSES.find((cause) => cause === unwatched.cause) ?? null;
};

const qualityText = (reported: Fields): string | null => {
  const { quality } = reported;
  if (quality === 'unwatched') return unwatchedText(causeOf(reported));
  return QUALITY[String(quality)] ?? text(quality);
};

const suppressionText = (suppression: unknown): string | null => {
  if (!isFields(suppression)) return null;
  const { kind, until, by, reason } = suppression;
  const end = typeof until === 'number' ? `until ${utcText(until)}` : '';
  return `${kind} ${end} by ${by ?? '-'}: ${reason ?? '-'}`;
};

const incidentText = (incident: unknown, now: number): string | null => {
  if (!isFields(incident)) return null;
  const { id, open, severity, cleared, reopenings, outcome, mode } = incident;
  return parts([
    text(id),
    text(severity),
    open === true
      ? 'open'
      : `over${typeof cleared === 'number' ? ` since ${timeWithAge(cleared, now)}` : ''}`,
    typeof reopenings === 'number' && reopenings > 0
      ? `came back ${reopenings === 1 ? 'once' : `${reopenings} times`}`
      : null,
    text(outcome) === null ? null : `closed as ${outcome}${text(mode) === null ? '' : `: ${mode}`}`,
  ]);
};

const ackText = (incident: unknown): string | null => {
  if (!isFields(incident)) return null;
  return text(incident.acknowledgedBy) ?? 'nobody';
};

const moved = (lastSample: unknown): string | null => {
  if (!isFields(lastSample)) return null;
  const { probability, why: _, t: __, ...sensors } = lastSample;
  const values = Object.entries(sensors).map(([name, value]) => `${name} ${text(value) ?? 'no answer'}`);
  return parts([`probability ${text(probability) ?? '-'}`, ...values]);
};

const share = (value: unknown): string | null =>
  typeof value === 'number' ? `${Math.round(value * 100)} %` : null;

/** What takes back a command of another kind is of that kind. */
const familyOf = (kind: unknown): string => (kind === 'unshelve' ? 'shelve' : String(kind));

/** What became of each command, the latest first: of several of a kind that were carried out the last one holds. */
const resultTexts = (verdicts: readonly Fields[]): readonly string[] => {
  const held = new Set<string>();
  return verdicts.map(({ kind, result }) => {
    if (result !== 'in-force') return text(result) ?? '';
    const isOver = held.has(familyOf(kind));
    held.add(familyOf(kind));
    return isOver ? 'replaced' : 'in force';
  });
};

const commandRows = (lastCommands: unknown, now: number): readonly string[] => {
  const verdicts = Array.isArray(lastCommands) ? lastCommands.filter(isFields) : [];
  if (verdicts.length === 0) return [];
  const results = resultTexts(verdicts);
  const rows = verdicts.map(({ kind, by, at, words }, index) => [
    text(kind) ?? '',
    text(by) ?? '',
    timeWithAge(at, now) ?? '',
    results[index] ?? '',
    text(words) ?? '',
  ]);
  const columns = ['command', 'by', 'given', 'result', 'words'].map((title) => ({ title }));
  return titledTable(
    columns,
    rows.map((row) => row.map(printable)),
  );
};

/** A twin as lines for people; `now` in ms. */
export const twinLines = (cylinder: string, reported: Fields, now: number): readonly string[] => {
  const { condition, severity, since, incident, lastSeen, sampling } = reported;
  const cause = causeOf(reported);
  const lines: readonly Line[] = [
    [
      'condition',
      parts([text(condition), text(severity), since == null ? null : `since ${timeWithAge(since, now)}`]),
    ],
    ['incident', incidentText(incident, now)],
    ['acknowledged by', ackText(incident)],
    ['kept quiet', suppressionText(reported.suppression)],
    ['quality', qualityText(reported)],
    ['look at', cause === null ? null : unwatchedCheck(cause)],
    ['last seen', timeWithAge(lastSeen, now) ?? 'never'],
    ['last sample', moved(reported.lastSample)],
    ['sampling', isFields(sampling) ? text(sampling.words) : null],
    [
      'abnormal',
      parts([
        share(reported.abnormalShareHour) && `${share(reported.abnormalShareHour)} of the last hour`,
        share(reported.abnormalShareDay) && `${share(reported.abnormalShareDay)} of the last day`,
        text(reported.health) && `health ${text(reported.health)}`,
      ]),
    ],
    ['policy', isFields(reported.policy) ? `its own ${JSON.stringify(reported.policy)}` : null],
    [
      'by',
      parts([
        text(reported.gateway) && `gateway ${reported.gateway}`,
        text(reported.model) && `model ${reported.model}`,
      ]),
    ],
  ];
  const width = Math.max(...lines.map(([title]) => title.length)) + 2;
  const commands = commandRows(reported.lastCommands, now);
  return [
    `cylinder ${cylinder}, as of ${utcText(now)}`,
    ...lines.flatMap(([title, said]) =>
      said === null ? [] : [printable(`  ${title.padEnd(width)}${said}`)],
    ),
    ...(commands.length === 0 ? [] : ['', ...commands.map((line) => `  ${line}`)]),
  ];
};

/** Where the twins are: at a broker, or with AWS. */
export type TwinOptions = AwsOptions & Readonly<{ to: string; aws?: boolean }>;

/** Lets a command say where the twins are. */
export const withTwinOptions = (command: Command): Command =>
  command
    .option('--to <url>', 'the broker', brokerUrl, 'mqtt://127.0.0.1:1883')
    .addOption(new Option('--aws', 'ask AWS, where the pipeline is deployed').conflicts('to'))
    .addOption(regionOption().conflicts('to').implies({ aws: true }))
    .addOption(profileOption().conflicts('to').implies({ aws: true }))
    .addOption(endpointOption().conflicts('to').implies({ aws: true }));

/** Reaches the twins; what is not needed for that is not loaded. */
export const openTwins = async ({ to, aws = false, ...options }: TwinOptions): Promise<TwinClient> => {
  if (aws) return (await import('../aws/shadow/twin-client.ts')).createTwinClient(clientSettings(options));
  return (await import('../local/shadow/mqtt-twins.ts')).connectTwins(to);
};

type Options = TwinOptions & Readonly<{ cylinder: string; json?: boolean }>;

/** `sentinel twin --cylinder …`: what the twin of a cylinder reports, and what is desired of it. */
export const twinCommand = (): Command =>
  withTwinOptions(
    new Command('twin')
      .description('what the twin of a cylinder says: condition, incident, quality, who said what')
      .requiredOption('--cylinder <name>', 'which cylinder', name)
      .option('--json', 'what it reports and what is desired of it, as JSON'),
  ).action(async ({ cylinder, json = false, ...where }: Options) => {
    const twins = await openTwins(where);
    try {
      const twin = await twins.get(cylinder);
      if (twin === null)
        throw new UsageError(`there is no cylinder ${cylinder}: its twin appears with its first sample`);
      const { reported, desired, now } = twin;
      if (json) writeLine(JSON.stringify({ reported, desired }, null, 2));
      else for (const line of twinLines(cylinder, reported, now)) writeLine(line);
    } finally {
      await twins.close();
    }
  });
