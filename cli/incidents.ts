import { Command } from 'commander';
import { duration, name } from './options/option-value.ts';
import { incidentLines } from './status/incident-lines.ts';
import { type LineOptions, withLine, withLineOptions } from './status/open-line.ts';
import { writeLine } from './terminal/output.ts';

type Options = LineOptions & Readonly<{ cylinder?: string; since?: number; json?: boolean }>;

/** `sentinel incidents`: what there was on a line, the newest first. */
export const incidentsCommand = (): Command =>
  withLineOptions(
    new Command('incidents').description('recent incidents: when, how long, who acknowledged, what it was'),
  )
    .option('--cylinder <name>', 'of one cylinder', name)
    .option('--since <duration>', 'those that lasted into the time since so long ago, as 8h or 7d', duration)
    .option('--json', 'one JSON line for each')
    .action(({ cylinder = '', since, json = false, ...where }: Options) =>
      withLine(where, async (line) => {
        // The clock is the pipeline's: on one machine it may run faster than this one.
        const now = since === undefined ? 0 : (await line.status()).now;
        const sinceMs = since === undefined ? null : now - since;
        const found = await line.incidents({ cylinder: cylinder === '' ? null : cylinder, sinceMs });
        const lines = json
          ? found.incidents.map((incident) => JSON.stringify(incident))
          : incidentLines(found.incidents, found.now);
        for (const text of lines) writeLine(text);
      }),
    );
