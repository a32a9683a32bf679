import * as v from 'valibot';
import { isName } from '../../domain/message/name.ts';
import type { TwinReport } from '../../domain/twin/twin-report.ts';
import type { TwinItemReading } from '../../usecases/report-twins.ts';

const report = v.custom<TwinReport>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'is no object',
);

const image = v.object({
  pk: v.pipe(
    v.string(),
    v.startsWith('C#'),
    v.transform((key) => key.slice('C#'.length)),
    v.check((name: string) => isName(name), 'names no cylinder'),
  ),
  sk: v.literal('TWIN'),
  version: v.pipe(v.number(), v.safeInteger()),
  twin: v.union([report, v.pipe(v.string(), v.parseJson(), report)]),
});

/** Reads a twin item of the ledger: its image as plain values, the twin as a map or as JSON text. */
export const readTwinItem = (value: unknown): TwinItemReading => {
  const parsed = v.safeParse(image, value);
  if (parsed.success) {
    const { pk, twin, version } = parsed.output;
    return { kind: 'read', item: { cylinder: pk, twin, version } };
  }
  const [issue] = parsed.issues;
  return { kind: 'malformed', detail: `no twin item: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}` };
};
