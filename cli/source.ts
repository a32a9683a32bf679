import { readFile, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { isFields, parseJson } from '../domain/fields.ts';
import { payloadMapper } from '../domain/mapping/map-payload.ts';
import type { Mapping } from '../domain/mapping/mapping.ts';
import { median } from '../domain/median.ts';
import type { RawMessage } from '../domain/message/raw-message.ts';
import { type ReadingOptions, readMessage } from '../domain/message/read-message.ts';
import type { Rejection } from '../domain/message/rejection.ts';
import { type Sample, SENSOR_UNITS, SENSORS, type Sensor } from '../domain/message/sample.ts';
import { printable } from '../domain/printable.ts';
import { tableMapOf } from '../edge/recordings/table.ts';
import { durationText, utcText } from '../notification/time-text.ts';
import { mapOption, readMapFile } from './options/map-file.ts';
import { checkTable, guessTableMap, isMessages, PLAUSIBLE } from './source/check-table.ts';
import { liveCommands } from './source/live-commands.ts';
import { writeLine } from './terminal/output.ts';
import { cannotWrite, UsageError } from './terminal/usage-error.ts';

const USUAL_TOPIC = 'greengrass/ml/inference/gateway/cylinder';

/** The messages of a file: each line a body, or `{"topic", "body"}` as a tool that listens to a broker writes them. */
const messagesOf = (text: string, topic: string, receivedAt: number): readonly RawMessage[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const value = parseJson(line);
      const isNamed = isFields(value) && typeof value.topic === 'string' && typeof value.body === 'string';
      const [from, body] = isNamed ? [String(value.topic), String(value.body)] : [topic, line];
      return { topic: from, body: new TextEncoder().encode(body), receivedAt, client: null };
    });

const sensorLine = (sensor: Sensor, column: readonly (number | null | undefined)[]): string => {
  const values = column.filter((value) => typeof value === 'number');
  const missing = column.length - values.length;
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const { unit, digits } = SENSOR_UNITS[sensor];
  const [low, high] = PLAUSIBLE[sensor];
  const range =
    values.length === 0 ? 'never there' : `${least.toFixed(digits)} … ${most.toFixed(digits)} ${unit}`;
  const doubt = values.length > 0 && (least < low || most > high) ? '; looks wrong by a unit or a scale' : '';
  return `  ${sensor.padEnd(26)} ${range}${values.length > 0 && missing > 0 ? `, ${missing} missing` : ''}${doubt}`;
};

const periodText = (samples: readonly Sample[]): string => {
  const spaces = [...Map.groupBy(samples, ({ cylinder }) => cylinder).values()].flatMap((own) => {
    const times = [...new Set(own.map(({ t }) => t))].sort((a, b) => a - b);
    return times.slice(1).map((t, index) => t - (times[index] ?? t));
  });
  const period = median(spaces);
  return period === null ? '' : `, one each ${durationText(period)}`;
};

/** What was understood of messages, and what was refused, by reason with the first of each. */
export const understoodLines = (
  samples: readonly Sample[],
  rejections: readonly Rejection[],
): readonly string[] => {
  const cylinders = [...new Set(samples.map(({ gateway, cylinder }) => `${gateway}/${cylinder}`))];
  const times = samples.map(({ t }) => t);
  const refused = [...Map.groupBy(rejections, ({ reason }) => reason)].map(
    ([reason, all]) => `refused: ${all.length} for ${reason}, the first: ${all[0]?.detail}`,
  );
  if (samples.length === 0) return refused;
  const more = cylinders.length > 5 ? ' …' : '';
  return [
    `${samples.length} samples of ${cylinders.length} cylinder${cylinders.length === 1 ? '' : 's'}: ${cylinders.slice(0, 5).join(', ')}${more}`,
    `  ${utcText(Math.min(...times))} to ${utcText(Math.max(...times))}${periodText(samples)}`,
    ...SENSORS.map((sensor, index) =>
      sensorLine(
        sensor,
        samples.map(({ values }) => values[index]),
      ),
    ),
    ...refused,
  ];
};

type Asked = Readonly<{ map?: string; topic: string; write?: string }>;

/** A table by a map, or by a first map that is guessed where it is not understood without one. */
const checkTableFile = async (file: string, mapping: Mapping | undefined, write?: string): Promise<void> => {
  const checked = await checkTable(file, mapping && tableMapOf(mapping));
  for (const line of checked.lines) writeLine(printable(line));
  if (checked.fault === null && write === undefined) return;
  if (checked.fault !== null) writeLine(printable(`not understood: ${checked.fault}`));
  if (mapping === undefined && checked.isTable) {
    const { map, doubts, check } = await guessTableMap(file);
    const text = JSON.stringify(map, null, 2);
    writeLine(write === undefined ? `a first map, guessed:\n${text}` : `${write}: a first map, guessed`);
    for (const doubt of doubts) writeLine(printable(`  not sure: ${doubt}`));
    for (const line of check.lines) writeLine(printable(line));
    if (check.fault !== null) writeLine(printable(`not understood by it yet: ${check.fault}`));
    if (write !== undefined) await writeFile(write, `${text}\n`, { flag: 'wx' }).catch(cannotWrite(write));
  }
  if (checked.fault !== null) throw new UsageError(`${file}: not understood as it is`);
};

const check = async (file: string | undefined, { map, topic, write }: Asked): Promise<void> => {
  const mapping = await readMapFile(map);
  if (mapping !== undefined) writeLine(`${map}: good`);
  if (file === undefined) {
    if (mapping === undefined)
      throw new UsageError('name what is to be checked: a file of messages, or --map FILE');
    return;
  }
  if (!(await isMessages(file))) return checkTableFile(file, mapping, write);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${file} cannot be read: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  });
  const options: ReadingOptions = {
    mapper: mapping && payloadMapper(mapping),
    scorer: () => ({ probability: 0, why: null, model: '' }),
  };
  const readings = messagesOf(text, topic, Date.now()).map((raw) => readMessage(raw, options));
  const samples = readings.flatMap((reading) => reading.samples);
  const lines = understoodLines(
    samples,
    readings.flatMap(({ rejections }) => rejections),
  );
  for (const line of lines) writeLine(line);
  if (samples.length === 0) throw new UsageError(`${file}: nothing in it is understood`);
};

/** `sentinel source`: what is understood of what devices send, recorded or live, by a mapping or without one. */
export const sourceCommand = (): Command => {
  const command = new Command('source')
    .description('see what is understood of what devices send')
    .addCommand(
      new Command('check')
        .description(
          'check a mapping, and say what it makes of a table or of recorded messages; guess a first map of a table',
        )
        .argument(
          '[file]',
          'a table (CSV, Parquet), or messages, one in each line: bodies, or {"topic": …, "body": …}',
        )
        .addOption(mapOption())
        .option('--write <file>', 'write the first map that is guessed of a table there')
        .option('--topic <topic>', 'the topic of bodies that stand by themselves', USUAL_TOPIC)
        .action(check),
    );
  for (const one of liveCommands()) command.addCommand(one);
  return command;
};
