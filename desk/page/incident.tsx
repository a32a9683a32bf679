import { useMemo } from 'preact/hooks';
import { Actions } from './actions.tsx';
import { cylinderHref } from './address.ts';
import type { IncidentAnswer, NoticesAnswer, Step, SystemAnswer } from './answers.ts';
import { useAnswer } from './ask.ts';
import { Charts } from './charts.tsx';
import { Banner, RowNotes } from './mark.tsx';
import { Check, FactReasons } from './reasons.tsx';
import { Loading, StoredNote } from './shell.tsx';
import {
  isBlind,
  refusalText,
  spanText,
  standingOfSeverity,
  type Texts,
  TextsContext,
  textsFor,
  useNow,
  useTexts,
} from './texts.ts';

const stepText = (step: Step, texts: Texts): string => {
  const { notice, page, severity } = texts;
  const { kind, text } = step;
  if (text === null) return '';
  if (kind === 'refused') return refusalText(text, texts);
  if (kind === 'escalated' || kind === 'raised') return severity(text);
  if (kind === 'closed') return page.act.outcomes[text] ?? text;
  const type = Object.entries(notice.types).find(([name]) => name === text);
  return kind === 'notified' && type !== undefined ? type[1] : text;
};

/** What happened, in order, each with its time and by whom. */
const Course = ({ course, now }: Readonly<{ course: readonly Step[]; now: number }>) => {
  const texts = useTexts();
  const { incident: words } = texts.page;
  return (
    <ol class="course">
      {course.map((step) => (
        <li key={`${step.kind}${step.at}${step.channel}${step.text}`} class={`step is-${step.kind}`}>
          <time dateTime={new Date(step.at).toISOString()}>{texts.clock(step.at, now)}</time>
          <span>
            <b>{words.steps[step.kind] ?? step.kind}</b> {step.by !== null && words.by(step.by)}{' '}
            {step.channel !== null && words.via(step.channel)}
            {step.text !== null && <span class="step-text">{stepText(step, texts)}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
};

/** Who was told of it, through which channel, and what has not gone out. */
const Told = ({ id, now }: Readonly<{ id: string; now: number }>) => {
  const { page, notice, ...texts } = useTexts();
  const { value } = useAnswer<NoticesAnswer>(`/api/notices?incident=${encodeURIComponent(id)}`, 5000);
  if (value === null || value.notices.length === 0) return null;
  return (
    <section>
      <h2>{page.incident.told}</h2>
      <NoticeTable notices={value.notices} now={now} words={{ page, notice, ...texts }} />
    </section>
  );
};

type TableProps = Readonly<{ notices: NoticesAnswer['notices']; now: number; words: Texts }>;

export const NoticeTable = ({ notices, now, words: { notice, page, clock } }: TableProps) => {
  const types: Readonly<Record<string, string>> = notice.types;
  return (
    <ul class="lines">
      {notices.map((one) => (
        <li key={`${one.id}${one.channel}`}>
          <time>{clock(one.sentAt ?? one.at, now)}</time>
          <b>{types[one.type] ?? one.type}</b>
          <span>{one.cylinder ?? one.gateway}</span>
          <span>{one.channel}</span>
          {one.error !== null && <strong class="bad">{one.error}</strong>}
          {one.sentAt === null && one.error === null && <span>{page.system.waiting}</span>}
        </li>
      ))}
    </ul>
  );
};

type ViewProps = Readonly<{
  value: IncidentAnswer;
  now: number;
  user: SystemAnswer['user'];
  site: string | undefined;
  /** The link by which it was reached. */
  link?: string;
}>;

/** An incident in full, whether it was reached by a name or by a link. */
const IncidentView = ({ value, now, user, site, link }: ViewProps) => {
  const texts = useTexts();
  const { page, notice } = texts;
  const { incident, row, facts } = value;
  const isOpen = incident.clearedAt === null;
  const isQuiet = isOpen && row !== null && row.incident === incident.id && row.condition === 'CLEARING';
  const standing = isQuiet ? 'clearing' : isOpen ? standingOfSeverity(incident.severity) : 'normal';
  const sentence = isQuiet
    ? page.standings.clearing.sentence
    : isOpen
      ? notice.events.RAISED.sentence
      : notice.events.RECOVERED.sentence;
  const isBlindNow = isOpen && row !== null && row.incident === incident.id && isBlind(row);
  return (
    <>
      <Banner
        standing={standing}
        severity={incident.severity}
        title={
          link !== undefined ? (
            incident.cylinder
          ) : (
            <a href={cylinderHref(incident.cylinder)}>{incident.cylinder}</a>
          )
        }
        place={[incident.gateway === null ? '' : notice.gateway(incident.gateway), site]
          .filter(Boolean)
          .join(' · ')}
        sentence={sentence}
        time={spanText(incident, now, texts)}
      >
        {row !== null && row.incident === incident.id && isOpen && <RowNotes row={row} now={now} />}
        <span class="notes">
          {[
            isOpen && !isQuiet ? '' : texts.severity(incident.severity),
            isOpen
              ? ''
              : incident.acknowledgedBy === null
                ? page.row.untaken
                : page.row.takenBy(incident.acknowledgedBy),
            incident.outcome === null ? '' : (page.act.outcomes[incident.outcome] ?? incident.outcome),
            incident.mode ?? '',
            incident.comment ?? '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        {isBlindNow && row !== null && (
          <p class="what">
            {row.cylinder} {page.standings.stale.sentence}
          </p>
        )}
      </Banner>
      <div class="columns">
        <div>
          {isOpen && <Check advice={facts?.advice ?? null} />}
          <Actions
            incident={value}
            path={link === undefined ? '/api/commands' : `${link}/commands`}
            user={user}
            now={now}
          />
          {facts !== null && facts.deviations.length > 0 && (
            <section>
              <h2>{page.cylinder.why}</h2>
              <FactReasons facts={facts} />
            </section>
          )}
        </div>
        <div>
          <section>
            <h2>{page.incident.course}</h2>
            <Course course={value.course} now={now} />
          </section>
          {link === undefined && <Told id={incident.id} now={now} />}
        </div>
      </div>
      <section>
        <h2>{page.incident.chart}</h2>
        <Charts
          path={link ?? `/api/cylinders/${encodeURIComponent(incident.cylinder)}`}
          hasSamples={link === undefined}
          sensors={[]}
          now={now}
          around={incident}
        />
        {link === undefined && (
          <p>
            <a class="button" href={cylinderHref(incident.cylinder)}>
              {page.incident.toCylinder}
            </a>
          </p>
        )}
      </section>
    </>
  );
};

/** One incident by its name. */
export const Incident = ({ id, system }: Readonly<{ id: string; system: SystemAnswer | null }>) => {
  const { page } = useTexts();
  const answer = useAnswer<IncidentAnswer>(`/api/incidents/${encodeURIComponent(id)}`);
  const now = useNow(answer);
  if (answer.value === null)
    return <Loading answer={answer} title={page.incident.title} unknown={page.incident.unknown} />;
  return (
    <>
      <StoredNote answer={answer} />
      <IncidentView value={answer.value} now={now} user={system?.user ?? null} site={system?.site} />
    </>
  );
};

/** The incident that a link of a notice opens, with what the link allows; a bad link gets one plain page. */
export const LinkedIncident = ({ token }: Readonly<{ token: string }>) => {
  const outside = useTexts();
  const { page, language, notice } = outside;
  const path = `/api/link/${encodeURIComponent(token)}`;
  const answer = useAnswer<IncidentAnswer>(path);
  const now = useNow(answer);
  // Times are those of the plant, which who comes by a link learns with the incident.
  const timeZone = answer.value?.plant?.timeZone ?? outside.timeZone;
  const texts = useMemo(() => textsFor(language, { page, notice }, timeZone), [language, page, timeZone]);
  const status = answer.failure?.status ?? 0;
  if (status >= 400 && status < 500 && status !== 429)
    return (
      <section class="loading">
        <h1 tabIndex={-1}>{page.link.bad}</h1>
        <p role="alert">{page.link.badCheck}</p>
      </section>
    );
  if (answer.value === null) return <Loading answer={answer} title={page.incident.title} />;
  const { expires, plant } = answer.value;
  return (
    <TextsContext.Provider value={texts}>
      <IncidentView value={answer.value} now={now} user={null} site={plant?.site} link={path} />
      <p class="aside">
        {page.link.acting} {expires !== undefined && `${page.link.expires} ${texts.full(expires)}.`}
      </p>
    </TextsContext.Provider>
  );
};
