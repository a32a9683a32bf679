import { useState } from 'preact/hooks';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import { go, hrefWith, incidentHref, useAddress } from './address.ts';
import type { IncidentsAnswer } from './answers.ts';
import { saveAnswer, useAnswer } from './ask.ts';
import { Mark, SeverityMark } from './mark.tsx';
import { dayStart } from './settings.ts';
import { Loading, StoredNote } from './shell.tsx';
import { spanText, useNow, useTexts } from './texts.ts';

/** Incidents, each as a link to it. */
export const IncidentList = ({
  incidents,
  now,
}: Readonly<{ incidents: readonly IncidentRecord[]; now: number }>) => {
  const texts = useTexts();
  const { page } = texts;
  return (
    // biome-ignore lint/a11y/noRedundantRoles: Safari forgets that a list without bullets is one.
    <ul class="incidents" role="list">
      {incidents.map((incident) => {
        const { outcome, mode } = incident;
        const result = outcome === null ? null : (page.act.outcomes[outcome] ?? outcome);
        return (
          <li key={incident.id}>
            <a
              class={incident.clearedAt === null ? 'row is-open' : 'row is-over'}
              href={incidentHref(incident.id)}
            >
              <span class="marks">
                {incident.clearedAt === null ? (
                  <SeverityMark severity={incident.severity} />
                ) : (
                  <>
                    <Mark standing="normal" />
                    <small>{texts.severity(incident.severity)}</small>
                  </>
                )}
              </span>
              <span class="name">
                <b>{incident.cylinder}</b> <small>{incident.gateway}</small>
              </span>
              <span class="time">{spanText(incident, now, texts)}</span>
              <span class="notes">
                {[
                  incident.acknowledgedBy === null
                    ? page.row.untaken
                    : page.row.takenBy(incident.acknowledgedBy),
                  result ?? '',
                  mode ?? '',
                  incident.comment ?? '',
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </a>
          </li>
        );
      })}
    </ul>
  );
};

const FILTERS = ['cylinder', 'severity', 'outcome', 'from', 'to'] as const;
const SHOWN = ['open', 'over', 'all'] as const;
const DAY_MS = 86_400_000;

/** The question to the API that the address stands for. */
const queryOf = (url: URL, timeZone: string): URLSearchParams => {
  const query = new URLSearchParams();
  const show = url.searchParams.get('show') ?? 'all';
  if (show === 'open') query.set('open', 'true');
  if (show === 'over') query.set('open', 'false');
  for (const name of ['cylinder', 'severity', 'outcome']) {
    const value = url.searchParams.get(name)?.trim() ?? '';
    if (value !== '') query.set(name, value);
  }
  const [from, to] = [url.searchParams.get('from') ?? '', url.searchParams.get('to') ?? ''];
  if (from !== '') query.set('from', String(dayStart(from, timeZone)));
  if (to !== '') query.set('to', String(dayStart(to, timeZone) + DAY_MS));
  return query;
};

type PageProps = Readonly<{ query: string; after: string | null; now: number | null }>;

/** A page of the list, and below it the next one once it is asked for. */
const ListPage = ({ query, after }: PageProps) => {
  const texts = useTexts();
  const { page } = texts;
  const [isMore, setMore] = useState(false);
  const answer = useAnswer<IncidentsAnswer>(
    `/api/incidents?${query}${query === '' ? '' : '&'}limit=50${after === null ? '' : `&after=${encodeURIComponent(after)}`}`,
    3000,
  );
  const now = useNow(answer, 10_000);
  const { value } = answer;
  if (value === null)
    return answer.failure === null ? <p>{page.contact.loading}</p> : <Loading answer={answer} title="" />;
  return (
    <>
      <StoredNote answer={answer} />
      {value.incidents.length === 0 && after === null && <p class="empty">{page.incidents.none}</p>}
      <IncidentList incidents={value.incidents} now={now} />
      {value.next !== null && !isMore && (
        <button type="button" class="wide" onClick={() => setMore(true)}>
          {page.incidents.more}
        </button>
      )}
      {value.next !== null && isMore && <ListPage query={query} after={value.next} now={now} />}
    </>
  );
};

/** The incidents, by what the address says, so that a view can be sent. */
export const Incidents = () => {
  const url = useAddress();
  const texts = useTexts();
  const { page, notice } = texts;
  const query = queryOf(url, texts.timeZone).toString();
  const show = url.searchParams.get('show') ?? 'all';
  const of = (name: string): string => url.searchParams.get(name) ?? '';
  const filter = (name: string) => (event: Event & { currentTarget: HTMLInputElement | HTMLSelectElement }) =>
    go(hrefWith(url, { [name]: event.currentTarget.value }), { replace: true });
  const isFiltered = FILTERS.some((name) => of(name) !== '');
  return (
    <>
      <header class="head">
        <h1 tabIndex={-1}>{page.nav.incidents}</h1>
      </header>
      <search class="tools">
        <div class="kinds">
          {SHOWN.map((kind) => (
            <a
              key={kind}
              class="kind"
              aria-current={kind === show ? 'true' : undefined}
              href={hrefWith(url, { show: kind === 'all' ? '' : kind })}
            >
              {page.incidents[kind]}
            </a>
          ))}
          <a class="kind" download="incidents.csv" href={`/api/incidents.csv?${query}`} onClick={saveAnswer}>
            {page.incident.csv}
          </a>
        </div>
        <details class="filters" open={isFiltered}>
          <summary>
            {page.incidents.cylinder}, {page.incidents.severity}, {page.incidents.outcome} …
          </summary>
          <div class="fields">
            <label>
              {page.incidents.cylinder}
              <input type="search" value={of('cylinder')} onChange={filter('cylinder')} />
            </label>
            <label>
              {page.incidents.severity}
              <select value={of('severity')} onChange={filter('severity')}>
                <option value="">{page.incidents.any}</option>
                {[...notice.severities].map(([name, word]) => (
                  <option key={name} value={name}>
                    {word}
                  </option>
                ))}
              </select>
            </label>
            <label>
              {page.incidents.outcome}
              <select value={of('outcome')} onChange={filter('outcome')}>
                <option value="">{page.incidents.any}</option>
                {Object.entries(page.act.outcomes).map(([name, words]) => (
                  <option key={name} value={name}>
                    {words}
                  </option>
                ))}
              </select>
            </label>
            <label>
              {page.incidents.from}
              <input type="date" value={of('from')} onChange={filter('from')} />
            </label>
            <label>
              {page.incidents.to}
              <input type="date" value={of('to')} onChange={filter('to')} />
            </label>
          </div>
        </details>
      </search>
      <ListPage key={query} query={query} after={null} now={null} />
    </>
  );
};
