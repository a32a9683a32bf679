import { useRef } from 'preact/hooks';
import { UNWATCHED_CAUSES } from '../../domain/alarm/state/output.ts';
import { Actions } from './actions.tsx';
import { incidentHref } from './address.ts';
import type { CylinderAnswer, FleetRow, IncidentAnswer, SystemAnswer } from './answers.ts';
import { useAnswer } from './ask.ts';
import { Charts } from './charts.tsx';
import { IncidentList } from './incidents.tsx';
import { Banner, RowNotes, standingSentence } from './mark.tsx';
import { Check, SensorReasons } from './reasons.tsx';
import { Loading, StoredNote } from './shell.tsx';
import { isBlind, standingOf, type Texts, useNow, useTexts } from './texts.ts';

const causeOf = ({ unwatched }: CylinderAnswer['twin']) => {
  const cause: unknown = Object(unwatched).cause;
  return UNWATCHED_CAUSES.find((known) => known === cause) ?? null;
};

/** What to check where nobody watches it: why its data cannot be relied on comes before what it says. */
const blindCheck = ({ row, twin }: CylinderAnswer, { notice }: Texts): string | null => {
  if (!isBlind(row)) return null;
  const cause = causeOf(twin);
  if (row.quality === 'unwatched' && cause !== null) return notice.unwatched[cause].check;
  return notice.cylinderOffline;
};

const timeOf = ({ since, lastSeen }: FleetRow, now: number, { page, ...texts }: Texts): string => {
  if (since !== null) return page.since(texts.clock(since, now), texts.lasting(now - since));
  return `${page.row.lastSeen} ${lastSeen === null ? page.row.never : texts.clock(lastSeen, now)}`;
};

/** One cylinder: what is wrong, since when, why, what to check, and how it went. */
export const Cylinder = ({ name, system }: Readonly<{ name: string; system: SystemAnswer | null }>) => {
  const texts = useTexts();
  const { page } = texts;
  const path = `/api/cylinders/${encodeURIComponent(name)}`;
  const answer = useAnswer<CylinderAnswer>(path);
  const now = useNow(answer);
  const row = answer.value?.row;
  // One that ends while somebody is filling in what to do about it stays until they leave.
  const latest = useRef<string | null>(null);
  latest.current = row?.incident ?? latest.current;
  const incident = latest.current;
  const acting = useAnswer<IncidentAnswer>(
    incident === null ? null : `/api/incidents/${encodeURIComponent(incident)}`,
  );
  if (answer.value === null || row === undefined)
    return <Loading answer={answer} title={name} unknown={page.cylinder.unknownCylinder} />;
  const { value } = answer;
  const standing = standingOf(row);
  const isOpen = row.condition === 'ACTIVE' || row.condition === 'CLEARING';
  const hour = value.twin.abnormalShareHour;
  return (
    <>
      <Banner
        standing={standing}
        severity={row.severity}
        title={row.cylinder}
        place={[row.gateway === null ? '' : texts.notice.gateway(row.gateway), system?.site]
          .filter(Boolean)
          .join(' · ')}
        sentence={standingSentence(standing, texts)}
        time={timeOf(row, now, texts)}
      >
        <RowNotes row={row} now={now} />
        {row.suppression !== null && (
          <p class="notes">{page.row.byFor(row.suppression.by, row.suppression.reason)}</p>
        )}
        {isBlind(row) && isOpen && <p class="what">{page.standings.stale.sentence}</p>}
      </Banner>
      <StoredNote answer={answer} />
      <div class="columns">
        <div>
          <Check advice={isOpen ? value.check : null} other={blindCheck(value, texts)} />
          {acting.value !== null && incident !== null && (
            <Actions incident={acting.value} path="/api/commands" user={system?.user ?? null} now={now}>
              <a class="button" href={incidentHref(incident)}>
                {page.cylinder.open}
              </a>
            </Actions>
          )}
          <section>
            <h2>{page.cylinder.why}</h2>
            {typeof hour === 'number' && <p>{page.cylinder.abnormalHour(Math.round(hour * 100))}</p>}
            <SensorReasons sensors={value.sensors} />
          </section>
        </div>
        <section>
          <h2>{page.cylinder.charts}</h2>
          <Charts path={path} sensors={value.sensors} now={now} around={null} />
        </section>
      </div>
      <section>
        <h2>{page.cylinder.incidents}</h2>
        {value.incidents.length === 0 ? (
          <p class="empty">{page.cylinder.noIncidents}</p>
        ) : (
          <IncidentList incidents={value.incidents} now={now} />
        )}
      </section>
      <details class="no-print">
        <summary>{page.cylinder.details}</summary>
        <h2>{page.cylinder.twin}</h2>
        <p>
          <a href={path}>{path}</a>
        </p>
        <pre>{JSON.stringify(value.twin, null, 2)}</pre>
      </details>
    </>
  );
};
