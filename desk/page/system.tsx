import type { FleetAnswer, NoticesAnswer, SystemAnswer } from './answers.ts';
import { type Answer, useAnswer } from './ask.ts';
import { NoticeTable } from './incident.tsx';
import { choose, settings, useStore } from './settings.ts';
import { Loading, StoredNote } from './shell.tsx';
import { useNow, useTexts } from './texts.ts';

/** What this device is set to. */
const Choices = () => {
  const { page } = useTexts();
  const { language, theme, name, shifts } = useStore(settings);
  const { system: words } = page;
  return (
    <section class="no-print">
      <h2>{words.settings}</h2>
      <div class="fields">
        <label>
          {words.language}
          <select
            value={language ?? ''}
            onChange={({ currentTarget: { value } }) =>
              choose({ language: value === 'en' || value === 'ko' ? value : null })
            }
          >
            <option value="">{words.device}</option>
            <option value="en">English</option>
            <option value="ko">한국어</option>
          </select>
        </label>
        <label>
          {words.theme}
          <select
            value={theme ?? ''}
            onChange={({ currentTarget: { value } }) =>
              choose({ theme: value === 'light' || value === 'dark' ? value : null })
            }
          >
            <option value="">{words.device}</option>
            <option value="light">{words.light}</option>
            <option value="dark">{words.dark}</option>
          </select>
        </label>
        <label>
          {page.act.name}
          <input
            value={name}
            maxLength={40}
            onChange={({ currentTarget }) => choose({ name: currentTarget.value.trim() })}
          />
        </label>
        <label>
          {words.shifts}
          <input
            value={shifts.join(', ')}
            onChange={({ currentTarget }) => {
              const times = currentTarget.value.match(/\b([01]\d|2[0-3]):[0-5]\d\b/g) ?? [];
              if (times.length > 0) choose({ shifts: times });
              currentTarget.value = settings.get().shifts.join(', ');
            }}
          />
        </label>
      </div>
    </section>
  );
};

const Gateways = () => {
  const { page, clock } = useTexts();
  const answer = useAnswer<FleetAnswer>('/api/fleet', 5000);
  const now = useNow(answer, 10_000);
  if (answer.value === null || answer.value.gateways.length === 0) return null;
  return (
    <section>
      <h2>{page.system.gateways}</h2>
      <ul class="lines">
        {answer.value.gateways.map(({ name, offlineSince, lastHeardAt }) => (
          <li key={name}>
            <b>{name}</b>
            {offlineSince === null ? (
              <span>
                {page.system.heard} {lastHeardAt === null ? page.row.never : clock(lastHeardAt, now)}
              </span>
            ) : (
              <strong class="bad">
                {page.system.silentSince} {clock(offlineSince, now)}
              </strong>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
};

/** What the pipeline says of itself, who was told of what, and what this device is set to. */
export const System = ({ answer }: Readonly<{ answer: Answer<SystemAnswer> }>) => {
  const texts = useTexts();
  const { page, clock } = texts;
  const { system: words } = page;
  const now = useNow(answer, 10_000);
  const notices = useAnswer<NoticesAnswer>('/api/notices?limit=50', 5000);
  const { value } = answer;
  if (value === null)
    return (
      <>
        <Loading answer={answer} title={page.nav.system} />
        <Choices />
      </>
    );
  const { quarantine, channels } = value;
  return (
    <>
      <header class="head">
        <h1 tabIndex={-1}>{page.nav.system}</h1>
      </header>
      <StoredNote answer={answer} />
      <section>
        <h2>{words.pipeline}</h2>
        <dl class="facts">
          <dt>{words.backlog}</dt>
          <dd>{value.backlog ?? value.elsewhere?.backlog ?? words.notKnown}</dd>
          {value.deadLetters !== null && (
            <>
              <dt>{words.deadLetters}</dt>
              <dd>{value.deadLetters}</dd>
            </>
          )}
          <dt>{words.site}</dt>
          <dd>{value.site}</dd>
          <dt>{words.version}</dt>
          <dd>{value.version}</dd>
        </dl>
      </section>
      <Gateways />
      <section>
        <h2>{words.quarantine}</h2>
        {quarantine === null && <p class="long">{value.elsewhere?.quarantine ?? words.notKnown}</p>}
        {quarantine !== null && quarantine.messages === 0 && <p>{words.quarantineNone}</p>}
        {quarantine !== null && quarantine.messages > 0 && (
          <>
            <p>
              <b>{quarantine.messages}</b> {words.messages}
              {quarantine.dropped > 0 && `, ${quarantine.dropped} ${words.dropped}`}
            </p>
            <ul class="lines">
              {quarantine.kinds.map((kind) => (
                <li key={`${kind.topic} ${kind.reason} ${kind.client}`}>
                  <b>{kind.cylinder ?? kind.topic}</b>
                  <span>
                    {kind.messages} {words.messages}, {words.last} {clock(kind.lastAt, now)}
                  </span>
                  <strong class="bad">{kind.reason}</strong>
                  <span class="long">{kind.detail}</span>
                  <small class="long">
                    {kind.topic} {kind.client}
                  </small>
                </li>
              ))}
            </ul>
          </>
        )}
      </section>
      <section>
        <h2>{words.channels}</h2>
        {channels.length === 0 && <p>{words.noChannels}</p>}
        <ul class="lines">
          {channels.map(({ name, pending, lastError }) => (
            <li key={name}>
              <b>{name}</b>
              <span>{pending === 0 ? words.ok : `${pending} ${words.pending}`}</span>
              {lastError !== null && <strong class="bad long">{lastError}</strong>}
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2>{words.notices}</h2>
        {notices.value === null || notices.value.notices.length === 0 ? (
          <p>{words.noNotices}</p>
        ) : (
          <NoticeTable notices={notices.value.notices} now={now} words={texts} />
        )}
      </section>
      <Choices />
    </>
  );
};
