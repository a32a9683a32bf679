import { useRef, useState } from 'preact/hooks';
import type { CommandType } from '../../domain/alarm/commands/command.ts';
import { plantLocal, plantTime, settings, shiftEnd, useStore } from './settings.ts';
import { type Texts, useTexts } from './texts.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What is being asked for: a command by the key of its press; `isEnd` where it is the end of a maintenance. */
export type Sheet = Readonly<{ type: CommandType; key: string; isEnd?: boolean }>;
export type Asked = Readonly<Record<string, string | number>>;

/** How long: as many ms from now, or until a time. */
const spansOf = (type: CommandType, now: number, shifts: readonly string[], texts: Texts) => {
  const { act } = texts.page;
  const end = shiftEnd(now, shifts, texts.timeZone);
  const atEnd = { value: String(end), words: act.shiftEnd(texts.clock(end, now)) };
  const after = (ms: number, words: string) => ({ value: `+${ms}`, words });
  return type === 'shelve'
    ? [after(15 * MINUTE_MS, act.min15), after(HOUR_MS, act.hour1), atEnd]
    : [after(HOUR_MS, act.hour1), after(4 * HOUR_MS, act.hour4), atEnd];
};

const untilOf = (form: FormData, now: number, timeZone: string): number => {
  const span = String(form.get('span') ?? '');
  if (span === 'until') return plantTime(String(form.get('until') ?? ''), timeZone);
  return span.startsWith('+') ? now + Number(span) : Number(span);
};

const HowLong = ({ type, now }: Readonly<{ type: CommandType; now: number }>) => {
  const texts = useTexts();
  const { act } = texts.page;
  const { shifts } = useStore(settings);
  const [opened] = useState(now);
  const [span, setSpan] = useState(`+${type === 'shelve' ? 15 * MINUTE_MS : HOUR_MS}`);
  const spans = [...spansOf(type, opened, shifts, texts), { value: 'until', words: act.until }];
  return (
    <fieldset>
      <legend>{act.howLong}</legend>
      {spans.map(({ value, words }) => (
        <label key={value} class="choice">
          <input
            type="radio"
            name="span"
            value={value}
            checked={span === value}
            onChange={() => setSpan(value)}
          />
          {words}
        </label>
      ))}
      {span === 'until' && (
        <input
          type="datetime-local"
          name="until"
          aria-label={act.until}
          required
          defaultValue={plantLocal(opened + 2 * HOUR_MS, texts.timeZone)}
        />
      )}
    </fieldset>
  );
};

const Reason = () => {
  const { act } = useTexts().page;
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <label>
        {act.reason}
        <input
          ref={field}
          name="reason"
          required
          maxLength={120}
          placeholder={act.reasonHint}
          autocomplete="off"
        />
      </label>
      <div class="chips">
        {act.reasons.map((reason) => (
          <button
            key={reason}
            type="button"
            onClick={() => {
              if (field.current !== null) field.current.value = reason;
            }}
          >
            {reason}
          </button>
        ))}
      </div>
    </>
  );
};

const Closing = () => {
  const { act } = useTexts().page;
  const [outcome, setOutcome] = useState('');
  return (
    <>
      <fieldset>
        <legend>{act.what}</legend>
        {Object.entries(act.outcomes).map(([name, words]) => (
          <label key={name} class="choice">
            <input type="radio" name="outcome" value={name} required onChange={() => setOutcome(name)} />
            {words}
          </label>
        ))}
      </fieldset>
      {outcome === 'fault' && (
        <label>
          {act.mode}
          <input name="mode" required maxLength={120} placeholder={act.modeHint} autocomplete="off" />
        </label>
      )}
      <label>
        {act.comment}
        <input name="comment" maxLength={120} autocomplete="off" />
      </label>
    </>
  );
};

/** What has to be filled in for a command. */
export const CommandFields = ({ sheet, now }: Readonly<{ sheet: Sheet; now: number }>) => {
  const { type, isEnd } = sheet;
  if (type === 'close') return <Closing />;
  if (type !== 'shelve' && type !== 'maintenance') return null;
  return (
    <>
      {isEnd !== true && <HowLong type={type} now={now} />}
      <Reason />
    </>
  );
};

/** What is asked besides the name, of each command. */
export const fieldsOf = ({ type, isEnd }: Sheet, form: FormData, now: number, timeZone: string): Asked => {
  const text = (name: string): Asked => {
    const value = String(form.get(name) ?? '').trim();
    return value === '' ? {} : { [name]: value };
  };
  // A time that has passed ends a maintenance that is in force.
  if (isEnd === true) return { ...text('reason'), until: now - 1 };
  if (type === 'shelve' || type === 'maintenance')
    return { ...text('reason'), until: untilOf(form, now, timeZone) };
  return { ...text('outcome'), ...text('mode'), ...text('comment') };
};
