import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useAddress } from './address.ts';
import type { SystemAnswer } from './answers.ts';
import { type Answer, refreshShown } from './ask.ts';
import { contact } from './contact.ts';
import { choose, createStore, useStore } from './settings.ts';
import { useTexts } from './texts.ts';

/** What is said to everybody, by voice too: what was done, and that contact came back. */
export const said = createStore('');

/** In place of a view that has nothing to show yet: why, and what to do. */
export const Loading = ({
  answer,
  title,
  unknown,
}: Readonly<{ answer: Answer<unknown>; title: string; unknown?: string }>) => {
  const { page } = useTexts();
  const { failure } = answer;
  const words = (status: number): string => {
    if (status === 404) return unknown ?? page.errors.notFound;
    if (status === 401) return page.errors.signIn;
    if (status === 403) return page.errors.forbidden;
    return status === 429 ? page.errors.slow : page.errors.failed;
  };
  return (
    <section class="loading">
      <h1 tabIndex={-1}>{title}</h1>
      {failure === null ? (
        <p>{page.contact.loading}</p>
      ) : (
        <>
          <p role="alert">{words(failure.status)}</p>
          {failure.words !== '' && <p class="aside">{failure.words}</p>}
          <button type="button" onClick={refreshShown}>
            {page.errors.retry}
          </button>
        </>
      )}
    </section>
  );
};

/** That the pipeline is away, since when, and how old what is shown is. */
const ContactNote = () => {
  const texts = useTexts();
  const { state, since } = useStore(contact);
  const wasLost = useRef(false);
  const [, draw] = useState(0);
  useEffect(() => {
    if (state !== 'lost' && wasLost.current && state !== 'connecting') said.set(texts.page.contact.back);
    wasLost.current = state === 'lost';
    if (state !== 'lost') return;
    const timer = setInterval(() => draw((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, [state, texts]);
  if (state !== 'lost') return null;
  const now = Date.now();
  return (
    <p class="lost" role="alert">
      {texts.page.contact.lostSince(texts.clock(since, now), texts.lasting(now - since))}
    </p>
  );
};

/** How old a stored state is, for as long as no newer one has come. */
export const StoredNote = ({ answer }: Readonly<{ answer: Answer<unknown> }>) => {
  const texts = useTexts();
  if (!answer.isStored) return null;
  const now = Date.now();
  return (
    <p class="stored">
      {texts.page.contact.stored}:{' '}
      {texts.page.contact.asOf(texts.clock(answer.receivedAt, now), texts.lasting(now - answer.receivedAt))}
    </p>
  );
};

const Said = () => {
  const words = useStore(said);
  useEffect(() => {
    if (words === '') return;
    const timer = setTimeout(() => said.set(''), 8000);
    return () => clearTimeout(timer);
  }, [words]);
  return (
    <div class="said" role="status">
      {words !== '' && <p>{words}</p>}
    </div>
  );
};

const ContactLamp = () => {
  const { page } = useTexts();
  const { state } = useStore(contact);
  const words = state === 'connecting' ? page.contact.loading : page.contact[state];
  return <span class={`lamp is-${state}`}>{words}</span>;
};

type Props = Readonly<{ system: SystemAnswer | null; children: ComponentChildren }>;

/** What stands around every view. */
export const Shell = ({ system, children }: Props) => {
  const { page, language } = useTexts();
  const { pathname, searchParams } = useAddress();
  if (searchParams.has('wall'))
    return (
      <main id="content">
        <ContactNote />
        {children}
      </main>
    );
  const isByLink = pathname.startsWith('/i/');
  const link = (href: string, words: string, isHere: boolean) => (
    <a href={href} aria-current={isHere ? 'page' : undefined}>
      {words}
    </a>
  );
  return (
    <>
      <a class="skip" href="#content">
        {page.nav.skip}
      </a>
      <header class="top">
        <b class="site">{system?.site ?? 'Cylinder Sentinel'}</b>
        <ContactLamp />
        <button
          type="button"
          lang={language === 'ko' ? 'en' : 'ko'}
          onClick={() => choose({ language: language === 'ko' ? 'en' : 'ko' })}
        >
          {language === 'ko' ? 'English' : '한국어'}
        </button>
      </header>
      {!isByLink && (
        <nav aria-label={page.nav.main}>
          {link('/', page.nav.fleet, pathname === '/' || pathname.startsWith('/cylinders'))}
          {link('/incidents?show=open', page.nav.incidents, pathname.startsWith('/incidents'))}
          {link('/system', page.nav.system, pathname === '/system')}
        </nav>
      )}
      <ContactNote />
      <main id="content">{children}</main>
      <Said />
    </>
  );
};
