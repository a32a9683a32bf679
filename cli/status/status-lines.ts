import type { UnwatchedCause } from '../../domain/alarm/state/output.ts';
import { printable } from '../../domain/printable.ts';
import { titledTable } from '../../local/console/screen.ts';
import { quarantineLine } from '../../local/quarantine/quarantine-words.ts';
import { ENGLISH_TERMS } from '../../notification/locales/english.ts';
import { durationText, utcText } from '../../notification/time-text.ts';
import type { Concern, LineStatus, StatusRow } from '../../usecases/ports/line-view.ts';

/** That a cylinder is heard and not judged, and why in the words of its notice where that is known. */
export const unwatchedText = (cause: UnwatchedCause | null): string =>
  `unwatched: heard, but not judged${cause === null ? '' : `: ${ENGLISH_TERMS.unwatched[cause].note}`}`;

/** What to look at where that is the cause. */
export const unwatchedCheck = (cause: UnwatchedCause): string => ENGLISH_TERMS.unwatched[cause].check;

const WORDS: Readonly<Record<Exclude<Concern, 'unwatched'>, string>> = {
  open: 'abnormal',
  unacknowledged: 'not acknowledged',
  shelved: 'shelved',
  maintenance: 'in maintenance',
  silent: 'silent',
  offline: 'offline',
};

const stateOf = ({ concerns, cause, overSince }: StatusRow): string => {
  const over = overSince === null ? [] : [`over since ${utcText(overSince)}`];
  const words = concerns.map((concern) => (concern === 'unwatched' ? unwatchedText(cause) : WORDS[concern]));
  return [...over, ...words].join(', ');
};

const saidOf = ({ acknowledgedBy, until, by, reason }: StatusRow): string =>
  [
    acknowledgedBy === null ? '' : `acknowledged by ${acknowledgedBy}`,
    until === null ? '' : `until ${utcText(until)} by ${by ?? '-'}: ${reason ?? '-'}`,
  ]
    .filter((text) => text !== '')
    .join('; ');

const COLUMNS = [
  { title: 'what' },
  { title: 'for', right: true },
  { title: 'since' },
  { title: 'severity' },
  { title: 'state' },
  { title: 'last seen', right: true },
  { title: 'said' },
];

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const DAY_MS = 86_400_000;

/** What came to quarantine within a day, each kind on a line, and how to see the rest. */
const quarantineLines = ({ now, quarantine }: LineStatus): readonly string[] => {
  if (quarantine === null || quarantine.messages === 0) return [];
  const recent = quarantine.kinds.filter(({ lastAt }) => now - lastAt < DAY_MS);
  const lines = recent.slice(0, 5).map((kind) => {
    const ago = durationText(Math.max(0, now - kind.lastAt));
    return printable(
      `quarantine: ${counted(kind.messages, 'message')}, the last ${ago} ago, of ${quarantineLine(kind)}`,
    );
  });
  return [...lines, `${counted(quarantine.messages, 'message')} in quarantine: see sentinel quarantine list`];
};

/** How a line stands, as lines for people. */
export const statusLines = (status: LineStatus): readonly string[] => {
  const { now, watched, rows } = status;
  const quarantined = quarantineLines(status);
  if (rows.length === 0)
    return quarantined.length === 0
      ? [`all quiet, ${counted(watched, 'cylinder')} watched`]
      : [`no alarm, ${counted(watched, 'cylinder')} watched`, ...quarantined];
  const cells = rows.map((row) => [
    row.kind === 'gateway' ? `gateway ${row.name}` : row.name,
    durationText(now - row.since),
    utcText(row.since),
    row.severity ?? '',
    stateOf(row),
    row.lastSeenAt === null ? 'never' : `${durationText(now - row.lastSeenAt)} ago`,
    saidOf(row),
  ]);
  const table = titledTable(
    COLUMNS,
    cells.map((row) => row.map(printable)),
  );
  return [...table, `${counted(watched, 'cylinder')} watched, as of ${utcText(now)}`, ...quarantined];
};
