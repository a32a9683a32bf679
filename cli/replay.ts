import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { createReplay } from '../domain/alarm/plant.ts';
import { writeLine } from './terminal/output.ts';
import { UsageError } from './terminal/usage-error.ts';

const parse = (line: string, number: number): unknown => {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new UsageError(`line ${number} is not JSON: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
};

/** `sentinel replay < in.jsonl > out.jsonl`: the alarm as a black box. */
export const replayCommand = (): Command =>
  new Command('replay')
    .description(
      'fold a recording of messages, ticks and commands (JSON lines on stdin) into what the alarm says of it',
    )
    .action(async () => {
      const replay = createReplay();
      let number = 0;
      for await (const line of createInterface({
        input: process.stdin,
        crlfDelay: Number.POSITIVE_INFINITY,
      })) {
        number += 1;
        if (line.trim() === '') continue;
        const step = replay(parse(line, number));
        if (!step.ok) throw new UsageError(`line ${number}: ${step.message}`);
        if (step.lines.length > 0) writeLine(step.lines.map((output) => JSON.stringify(output)).join('\n'));
      }
    });
