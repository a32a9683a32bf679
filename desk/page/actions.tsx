import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CommandType } from '../../domain/alarm/commands/command.ts';
import type { IncidentAnswer, SystemAnswer } from './answers.ts';
import { post, refreshShown } from './ask.ts';
import { type Asked, CommandFields, fieldsOf, type Sheet } from './command-fields.tsx';
import { choose, settings, useStore } from './settings.ts';
import { said } from './shell.tsx';
import { refusalText, type Texts, useTexts } from './texts.ts';

type User = SystemAnswer['user'];

/** A name for one press: sent again, it is still that press. */
const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

type SheetProps = Readonly<{
  sheet: Sheet;
  incident: IncidentAnswer;
  path: string;
  user: User;
  now: number;
  onDone: () => void;
}>;

const titleOf = ({ type, isEnd }: Sheet, { page }: Texts): string =>
  isEnd === true ? page.act.endMaintenance : page.act[type];

/** Asks for what a command needs, sends it once however often it is pressed, and says what became of it. */
const CommandSheet = ({ sheet, incident, path, user, now, onDone }: SheetProps) => {
  const texts = useTexts();
  const { act } = texts.page;
  const { name } = useStore(settings);
  const dialog = useRef<HTMLDialogElement>(null);
  const sent = useRef<Asked | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const { type } = sheet;

  const send = async (asked: Asked): Promise<void> => {
    // The same press again asks for the same, to the second.
    sent.current ??= asked;
    setSending(true);
    setProblem(null);
    const { cylinder, id } = incident.incident;
    const named = path === '/api/commands' ? { cylinder, incident: id } : {};
    const posted = await post(path, { ...named, type, ...sent.current, key: sheet.key });
    setSending(false);
    if (posted.kind === 'done') {
      said.set(act.done[type] ?? '');
      refreshShown();
      onDone();
    } else if (posted.kind === 'unknown' || posted.failure.status === 503) setProblem(act.noAnswer);
    else {
      setProblem(`${act.refused}: ${refusalText(posted.failure.words, texts)}`);
      refreshShown();
    }
  };

  const knownName = user?.name ?? name;
  const isAtOnce = (type === 'ack' || type === 'unshelve') && knownName !== '';
  // Before anything is painted: a dialog that shows up later takes the focus from who types already.
  useLayoutEffect(() => {
    dialog.current?.showModal();
    if (isAtOnce) send({ by: knownName });
    // Once for each press.
  }, [sheet.key]);

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isSending || !(event.currentTarget instanceof HTMLFormElement)) return;
    const form = new FormData(event.currentTarget);
    const by = String(form.get('by') ?? knownName).trim();
    if (by !== '' && user === null) choose({ name: by });
    send({ by, ...fieldsOf(sheet, form, now, texts.timeZone) });
  };
  return (
    <dialog ref={dialog} class="sheet" aria-labelledby="sheet-title" onClose={onDone}>
      <form onSubmit={submit} onChange={() => problem !== null && !isSending && setProblem(null)}>
        <h2 id="sheet-title">
          {titleOf(sheet, texts)}: {incident.incident.cylinder}
        </h2>
        <CommandFields sheet={sheet} now={now} />
        {user === null && !isAtOnce && (
          <label>
            {act.name}
            <input name="by" required maxLength={40} defaultValue={name} autocomplete="name" />
            <small>{act.nameHint}</small>
          </label>
        )}
        {problem !== null && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <div class="sheet-buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            {act.cancel}
          </button>
          <button type="submit" class="main" aria-disabled={isSending}>
            {isSending ? act.sending : act.send}
          </button>
        </div>
      </form>
    </dialog>
  );
};

type Props = Readonly<{
  incident: IncidentAnswer;
  path: string;
  user: User;
  now: number;
  children?: ComponentChildren;
}>;

/** What a person can do about an incident now. */
export const Actions = ({ incident, path, user, now, children }: Props) => {
  const texts = useTexts();
  const { act } = texts.page;
  const { name } = useStore(settings);
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const opener = useRef<HTMLButtonElement | null>(null);
  const isInMaintenance = incident.row?.suppression?.kind === 'maintenance';
  const mayDo = (type: CommandType): boolean =>
    incident.allowed.includes(type) && (user === null || user.actions.includes(type));
  const button = (type: CommandType, words: string, hint: string, isEnd = false) =>
    mayDo(type) && (
      <button
        type="button"
        class={type === 'ack' ? 'action main' : 'action'}
        onClick={(event) => {
          opener.current = event.currentTarget;
          // A second tap does not open another; one that was closed just now is there still, until its event comes.
          if (sheet === null || document.querySelector('dialog:not([open])') !== null)
            setSheet({ type, key: newKey(), isEnd });
        }}
      >
        <b>{words}</b> <small>{hint}</small>
      </button>
    );
  const done = (key: string): void => {
    setSheet((open) => (open?.key === key ? null : open));
    // The button may be gone with what it did.
    if (opener.current?.isConnected === true) opener.current.focus();
    else document.querySelector<HTMLElement>('h1')?.focus();
  };
  const isTaken = incident.incident.acknowledgedBy !== null;
  return (
    <section class="actions no-print">
      <h2>{act.title}</h2>
      {incident.allowed.length === 0 && <p>{act.nothing}</p>}
      <div class="action-grid">
        {!isTaken && button('ack', act.ack, act.ackHint)}
        {button('unshelve', act.unshelve, act.unshelveHint)}
        {button('shelve', act.shelve, act.shelveHint)}
        {isInMaintenance
          ? button('maintenance', act.endMaintenance, act.unshelveHint, true)
          : button('maintenance', act.maintenance, act.maintenanceHint)}
        {button('close', act.close, act.closeHint)}
        {children}
      </div>
      {user === null && name !== '' && (
        <p class="aside">
          {act.as} <b>{name}</b>{' '}
          <button type="button" class="plain" onClick={() => choose({ name: '' })}>
            {act.change}
          </button>
        </p>
      )}
      {sheet !== null && (
        <CommandSheet
          key={sheet.key}
          sheet={sheet}
          incident={incident}
          path={path}
          user={user}
          now={now}
          onDone={() => done(sheet.key)}
        />
      )}
    </section>
  );
};
