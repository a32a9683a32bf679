import type { ComponentChildren, JSX } from 'preact';
import type { FleetRow } from './answers.ts';
import { isBlind, standingOf, standingOfSeverity, type Texts, useTexts } from './texts.ts';
import type { Standing } from './words/page-words.ts';

/** A shape for each standing, on a field of 24: colour is never alone. */
const SHAPES: Readonly<Record<Standing, JSX.Element>> = {
  alarm: (
    <>
      <path d="M12 1 23 12 12 23 1 12Z" />
      <path class="cut" d="M12 6.5v6.5M12 16v1.5" />
    </>
  ),
  warning: (
    <>
      <path d="M12 2 23 21.5H1Z" />
      <path class="cut" d="M12 9v6M12 17.4v1.4" />
    </>
  ),
  advisory: (
    <>
      <circle cx="12" cy="12" r="10.5" />
      <path class="cut" d="M12 6v7M12 16.2v1.6" />
    </>
  ),
  clearing: (
    <>
      <circle class="line" cx="12" cy="12" r="9.5" />
      <path class="line" d="M8 8.5v7M12 6.5v11M16 8.5v7" />
    </>
  ),
  suspect: (
    <>
      <circle class="line" cx="12" cy="12" r="9.5" />
      <path d="M12 2.5a9.5 9.5 0 0 1 0 19Z" />
    </>
  ),
  normal: <path class="line" d="M4 13l5 5.5L20 6" />,
  offline: (
    <>
      <path class="line" d="M3 3l18 18M8 8v3a4 4 0 0 0 6 3.5M16 11V8M9.5 3v2M14.5 3v5M12 16v5" />
    </>
  ),
  unwatched: (
    <>
      <path class="line" d="M2 12c4-7 16-7 20 0-4 7-16 7-20 0Z" />
      <circle cx="12" cy="12" r="2.6" />
      <path class="line" d="M3.5 20.5l17-17" />
    </>
  ),
  stale: (
    <>
      <circle class="line" cx="12" cy="12" r="9.5" />
      <path class="line" d="M12 6v6l-4 3" />
    </>
  ),
};

export const Shape = ({ standing }: Readonly<{ standing: Standing }>) => (
  <svg class="shape" viewBox="0 0 24 24" aria-hidden="true">
    {SHAPES[standing]}
  </svg>
);

/** What a standing is called; with the severity's own name where it has one. */
export const standingWord = (
  standing: Standing,
  severity: string | null,
  { page, ...texts }: Texts,
): string => {
  if (standing === 'alarm' || standing === 'warning' || standing === 'advisory')
    return texts.severity(severity ?? standing);
  return page.standings[standing].word;
};

/** What a standing means, as the predicate of a sentence about the cylinder. */
export const standingSentence = (standing: Standing, { page, notice }: Texts): string =>
  standing === 'alarm' || standing === 'warning' || standing === 'advisory'
    ? notice.events.RAISED.sentence
    : page.standings[standing].sentence;

type MarkProps = Readonly<{ standing: Standing; severity?: string | null }>;

/** A standing as shape, colour and word. */
export const Mark = ({ standing, severity = null }: MarkProps) => {
  const texts = useTexts();
  return (
    <span class={`mark is-${standing}`}>
      <Shape standing={standing} />
      <span>{standingWord(standing, severity, texts)}</span>
    </span>
  );
};

export const SeverityMark = ({ severity }: Readonly<{ severity: string }>) => (
  <Mark standing={standingOfSeverity(severity)} severity={severity} />
);

/** All that has to be said of how a cylinder stands: that nobody watches it is said beside an open incident too. */
export const RowMarks = ({ row }: Readonly<{ row: FleetRow }>) => {
  const standing = standingOf(row);
  const { quality } = row;
  const isBlindBeside = isBlind(row) && standing !== quality;
  return (
    <span class="marks">
      <Mark standing={standing} severity={row.severity} />
      {isBlindBeside && (quality === 'offline' || quality === 'unwatched' || quality === 'stale') && (
        <Mark standing={quality} />
      )}
    </span>
  );
};

type BannerProps = Readonly<{
  standing: Standing;
  severity: string | null;
  title: ComponentChildren;
  place: string;
  sentence: string;
  time: string | null;
  children?: ComponentChildren;
}>;

/** The top of a view: how bad, which one, where, what, since when. */
export const Banner = ({ standing, severity, title, place, sentence, time, children }: BannerProps) => (
  <header class={`banner is-${standing}`}>
    <Mark standing={standing} severity={severity} />
    <h1 tabIndex={-1}>{title}</h1>
    <p class="place">{place}</p>
    <p class="what">{sentence}</p>
    {time !== null && <p class="when">{time}</p>}
    {children}
  </header>
);

/** What is asked of people besides: who has it, and what keeps it quiet. */
export const RowNotes = ({ row, now }: Readonly<{ row: FleetRow; now: number }>) => {
  const texts = useTexts();
  const { row: words, partial, thin } = texts.page;
  const { suppression } = row;
  const isOpen = row.condition === 'ACTIVE' || row.condition === 'CLEARING';
  const notes: string[] = [];
  if (row.acknowledgedBy !== null) notes.push(words.takenBy(row.acknowledgedBy));
  else if (isOpen) notes.push(words.untaken);
  if (suppression !== null)
    notes.push(
      (suppression.kind === 'shelved' ? words.shelved : words.maintenance)(
        texts.clock(suppression.until, now),
      ),
    );
  if (row.quality === 'partial') notes.push(partial);
  if (row.quality === 'thin') notes.push(thin);
  return notes.length === 0 ? null : <span class="notes">{notes.join(' · ')}</span>;
};
