import { useEffect, useState } from 'preact/hooks';
import { cylinderHref, hrefWith, useAddress } from './address.ts';
import type { FleetAnswer } from './answers.ts';
import { RowMarks, RowNotes } from './mark.tsx';
import { standingOf, useTexts } from './texts.ts';

/** Keeps the screen on while it is shown, where the browser can. */
const useWakeLock = (): void => {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    const hold = (): void => {
      if (!document.hidden)
        navigator.wakeLock?.request('screen').then(
          (held) => {
            lock = held;
          },
          () => {},
        );
    };
    hold();
    document.addEventListener('visibilitychange', hold);
    return () => {
      document.removeEventListener('visibilitychange', hold);
      lock?.release().catch(() => {});
    };
  }, []);
};

/** How many tiles fit on the screen, as large as they are in the style sheet. */
const fittingTiles = (): number => {
  const columns = Math.max(1, Math.floor((innerWidth - 32) / 336));
  return columns * Math.max(1, Math.floor((innerHeight - 190) / 212));
};

const useFittingTiles = (): number => {
  const [count, setCount] = useState(fittingTiles);
  useEffect(() => {
    const measure = (): void => setCount(fittingTiles());
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, []);
  return count;
};

type Props = Readonly<{ fleet: FleetAnswer; now: number; summary: string }>;

/** The fleet for a screen on the wall: what is not normal in large tiles, the worst first, and nothing to touch. */
export const WallScreen = ({ fleet, now, summary }: Props) => {
  const texts = useTexts();
  const url = useAddress();
  const room = useFittingTiles();
  useWakeLock();
  const others = fleet.rows.filter((row) => standingOf(row) !== 'normal');
  const fits = others.length > room ? room - 1 : room;
  // What is normal fills the room that is left.
  const tiles = fleet.rows.slice(0, others.length > room ? fits : room);
  return (
    <div class="wall">
      <header class="wall-head">
        <h1 tabIndex={-1}>{summary}</h1>
        <p class="wall-clock">
          <b>{texts.full(now).slice(11, 16)}</b> {fleet.site}
        </p>
      </header>
      <ul class="tiles">
        {tiles.map((row) => (
          <li key={row.cylinder}>
            <a class={`tile is-${standingOf(row)}`} href={cylinderHref(row.cylinder)}>
              <RowMarks row={row} />
              <b class="tile-name">{row.cylinder}</b>
              <span>
                {row.since === null
                  ? row.gateway
                  : texts.page.since(texts.clock(row.since, now), texts.roughly(now - row.since))}
              </span>
              <RowNotes row={row} now={now} />
            </a>
          </li>
        ))}
        {others.length > tiles.length && (
          <li>
            <span class="tile more">{texts.page.fleet.more(others.length - tiles.length)}</span>
          </li>
        )}
      </ul>
      <a class="button wall-leave" href={hrefWith(url, { wall: '' })}>
        {texts.page.fleet.leaveWall}
      </a>
    </div>
  );
};
