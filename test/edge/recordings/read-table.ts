import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { recordingFile } from '../../../backtest/recordings/open-table.ts';
import { readMapping } from '../../../domain/mapping/mapping.ts';
import { fileFault, fileSamples } from '../../../edge/recordings/recording.ts';
import { tableMapOf } from '../../../edge/recordings/table.ts';

const folder = mkdtempSync(join(tmpdir(), 'tables-'));
after(() => rmSync(folder, { recursive: true }));

/** The samples of a table that is called press.csv, each as `cylinder time values label`, or what is wrong with it. */
export const readTable = async (
  bytes: string | Uint8Array,
  mapping: unknown = {},
): Promise<readonly string[]> => {
  const path = join(folder, 'press.csv');
  writeFileSync(path, bytes);
  const reading = readMapping(mapping);
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
  try {
    const samples = (
      await Array.fromAsync(fileSamples(recordingFile(path, tableMapOf(reading.mapping))))
    ).flat();
    return samples.map(({ cylinder, t, values, label }) => {
      const time = new Date(t)
        .toISOString()
        .replace(/\.000Z$/, '')
        .replace('T', ' ');
      return `${cylinder} ${time} ${values.map((value) => value ?? '-').join(' ')}${label === null ? '' : ` ${label}`}`;
    });
  } catch (error) {
    return [fileFault('press.csv', error)];
  }
};
