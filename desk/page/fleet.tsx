import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { cylinderHref, go, hrefWith, useAddress } from './address.ts';
import type { FleetAnswer, FleetRow } from './answers.ts';
import { useAnswer } from './ask.ts';
import { RowMarks, RowNotes, Shape } from './mark.tsx';
import { Loading, StoredNote } from './shell.tsx';
import { isBlind, standingOf, type Texts, useNow, useTexts } from './texts.ts';
import { WallScreen } from './wall-screen.tsx';

const KINDS = ['all', 'needs', 'blind', 'held', 'usual'] as const;
type Kind = (typeof KINDS)[number];

const isOpen = ({ condition }: FleetRow): boolean => condition === 'ACTIVE' || condition === 'CLEARING';

const isOf = (row: FleetRow, kind: Kind): boolean => {
  switch (kind) {
    case 'all':
      return true;
    case 'needs':
      return isOpen(row);
    case 'blind':
      return isBlind(row);
    case 'held':
      return row.suppression !== null;
    case 'usual':
      return standingOf(row) === 'normal';
  }
};

/** Height of a row with its gap, px, as in the style sheet. */
const ROW_PX = 76;
const BEYOND = 8;
const MAX_PRINTED = 1000;

/** Which rows of a long list are on the screen, as it is scrolled. */
const useWindow = (count: number) => {
  const list = useRef<HTMLUListElement>(null);
  const [range, setRange] = useState({ first: 0, last: 30 });
  useLayoutEffect(() => {
    let frame = 0;
    let isPrinting = false;
    const measure = (): void => {
      frame = 0;
      if (isPrinting) return;
      const top = -(list.current?.getBoundingClientRect().top ?? 0);
      // In steps, so that most frames of a scroll have nothing to draw.
      const first = Math.max(0, Math.floor(top / ROW_PX / BEYOND) * BEYOND - BEYOND);
      const last = first + Math.ceil(innerHeight / ROW_PX) + 3 * BEYOND;
      setRange((before) => (before.first === first && before.last === last ? before : { first, last }));
    };
    const onScroll = (): void => {
      if (frame === 0) frame = requestAnimationFrame(measure);
    };
    const beginPrint = (): void => {
      isPrinting = true;
      setRange({ first: 0, last: MAX_PRINTED });
    };
    const endPrint = (): void => {
      isPrinting = false;
      measure();
    };
    measure();
    addEventListener('beforeprint', beginPrint);
    addEventListener('afterprint', endPrint);
    addEventListener('scroll', onScroll, { passive: true });
    addEventListener('resize', onScroll);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('beforeprint', beginPrint);
      removeEventListener('afterprint', endPrint);
      removeEventListener('scroll', onScroll);
      removeEventListener('resize', onScroll);
    };
  }, [count]);
  return { list, ...range };
};

type RowProps = Readonly<{ row: FleetRow; index: number; count: number; now: number }>;

const Row = ({ row, index, count, now }: RowProps) => {
  const texts = useTexts();
  const { since, health } = row;
  const seen = row.lastSeen === null ? texts.page.row.never : texts.clock(row.lastSeen, now);
  return (
    <li style={{ top: `${index * ROW_PX}px` }} aria-setsize={count} aria-posinset={index + 1}>
      <a class={`row is-${standingOf(row)}`} href={cylinderHref(row.cylinder)}>
        <RowMarks row={row} />
        <span class="name">
          <b>{row.cylinder}</b> <small>{row.gateway}</small>
        </span>
        <span class="time">
          {since === null
            ? `${texts.page.row.lastSeen} ${seen}`
            : texts.page.since(texts.clock(since, now), texts.roughly(now - since))}
        </span>
        <RowNotes row={row} now={now} />
        {health !== null && (
          <span class="health">
            {texts.page.row.health} {health}
          </span>
        )}
      </a>
    </li>
  );
};

const List = ({ rows, now }: Readonly<{ rows: readonly FleetRow[]; now: number }>) => {
  const { list, first, last } = useWindow(rows.length);
  return (
    // biome-ignore lint/a11y/noRedundantRoles: Safari forgets that a list without bullets is one.
    <ul class="rows" role="list" ref={list} style={{ height: `${rows.length * ROW_PX}px` }}>
      {rows.slice(first, last).map((row, index) => (
        <Row key={row.cylinder} row={row} index={first + index} count={rows.length} now={now} />
      ))}
    </ul>
  );
};

/** The fleet in a sentence. */
const summaryOf = (rows: readonly FleetRow[], { page }: Texts): string => {
  const count = (kind: Kind): number => rows.filter((row) => isOf(row, kind)).length;
  const [needs, blind] = [count('needs'), count('blind')];
  if (rows.length > 0 && needs + blind === 0) return page.fleet.allWell;
  return [
    needs > 0 ? page.fleet.needing(needs) : '',
    blind > 0 ? page.fleet.blinds(blind) : '',
    page.fleet.normals(count('usual')),
  ]
    .filter(Boolean)
    .join(' · ');
};

/** All cylinders, the worst first. */
export const Fleet = () => {
  const url = useAddress();
  const texts = useTexts();
  const { page } = texts;
  const answer = useAnswer<FleetAnswer>('/api/fleet');
  const now = useNow(answer, 10_000);
  const { value } = answer;
  if (value === null) return <Loading answer={answer} title={page.nav.fleet} />;
  if (url.searchParams.has('wall'))
    return <WallScreen fleet={value} now={now} summary={summaryOf(value.rows, texts)} />;
  const chosen = KINDS.find((kind) => kind === url.searchParams.get('show')) ?? 'all';
  const wanted = url.searchParams.get('q') ?? '';
  const matches = ({ cylinder, gateway }: FleetRow): boolean =>
    `${cylinder} ${gateway}`.toLowerCase().includes(wanted.trim().toLowerCase());
  const rows = value.rows.filter((row) => isOf(row, chosen) && matches(row));
  return (
    <>
      <header class="head">
        <h1 tabIndex={-1}>{page.nav.fleet}</h1>
        <p class="summary">{summaryOf(value.rows, texts)}</p>
      </header>
      <StoredNote answer={answer} />
      {value.gateways
        .filter(({ offlineSince }) => offlineSince !== null)
        .map(({ name, offlineSince }) => (
          <p key={name} class="blind-note">
            <Shape standing="offline" />
            {page.gatewaySilent(name, texts.clock(offlineSince ?? now, now))}
          </p>
        ))}
      <search class="tools">
        <input
          type="search"
          aria-label={page.fleet.search}
          placeholder={page.fleet.search}
          value={wanted}
          onInput={(event) => go(hrefWith(url, { q: event.currentTarget.value }), { replace: true })}
        />
        <div class="kinds">
          {KINDS.map((kind) => (
            <a
              key={kind}
              class="kind"
              aria-current={kind === chosen ? 'true' : undefined}
              href={hrefWith(url, { show: kind === 'all' ? '' : kind })}
            >
              {page.fleet[kind]} <b>{value.rows.filter((row) => isOf(row, kind)).length}</b>
            </a>
          ))}
          <a class="kind wide-only" href={hrefWith(url, { wall: '1' })}>
            {page.fleet.wall}
          </a>
        </div>
      </search>
      <output class="aside">{wanted === '' ? '' : page.fleet.shown(rows.length)}</output>
      {value.rows.length === 0 ? <p class="empty">{page.fleet.nothingYet}</p> : null}
      {value.rows.length > 0 && rows.length === 0 ? <p class="empty">{page.fleet.none}</p> : null}
      <List rows={rows} now={now} />
    </>
  );
};
