import { render } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Language } from '../../notification/locales/languages.ts';
import { followLinks, type Place, placeOf, useAddress } from './address.ts';
import type { SystemAnswer } from './answers.ts';
import { type Answer, loadSignIn, useAnswer } from './ask.ts';
import { followChanges } from './contact.ts';
import { Cylinder } from './cylinder.tsx';
import { Fleet } from './fleet.tsx';
import { Incident, LinkedIncident } from './incident.tsx';
import { Incidents } from './incidents.tsx';
import { languageOf, settings, useStore } from './settings.ts';
import { Shell } from './shell.tsx';
import { System } from './system.tsx';
import { loadWords, type Texts, TextsContext, textsFor, useTexts } from './texts.ts';
import type { Words } from './words/page-words.ts';

type ViewProps = Readonly<{ place: Place; system: Answer<SystemAnswer> }>;

const View = ({ place, system }: ViewProps) => {
  const { page } = useTexts();
  switch (place.view) {
    case 'fleet':
      return <Fleet />;
    case 'cylinder':
      return <Cylinder key={place.name} name={place.name} system={system.value} />;
    case 'incidents':
      return <Incidents />;
    case 'incident':
      return <Incident key={place.id} id={place.id} system={system.value} />;
    case 'system':
      return <System answer={system} />;
    case 'link':
      return <LinkedIncident token={place.token} />;
    case 'none':
      return <h1 tabIndex={-1}>{page.noPage}</h1>;
  }
};

const titleOf = (place: Place, page: Texts['page']): string => {
  switch (place.view) {
    case 'cylinder':
      return place.name;
    case 'incident':
      return `${page.incident.title} ${place.id.replace(/@\d+$/, '')}`;
    case 'link':
      return page.incident.title;
    case 'incidents':
    case 'system':
      return page.nav[place.view];
    default:
      return page.nav.fleet;
  }
};

type Loaded = Readonly<{ language: Language; words: Words }>;

/** The words of the chosen language; those before it for as long as they take to come. */
const useWords = (first: Loaded): Loaded => {
  const wanted = languageOf(useStore(settings));
  const [loaded, setLoaded] = useState(first);
  useEffect(() => {
    if (loaded.language === wanted) return;
    let isGone = false;
    loadWords(wanted).then(
      (words) => isGone || setLoaded({ language: wanted, words }),
      () => {},
    );
    return () => {
      isGone = true;
    };
  }, [wanted, loaded]);
  return loaded;
};

const Page = ({ first }: Readonly<{ first: Loaded }>) => {
  const { pathname } = useAddress();
  const chosen = useStore(settings);
  const { language, words } = useWords(first);
  const place = useMemo(() => placeOf(pathname), [pathname]);
  // Who comes by a link has no account, and is told no more than the incident.
  const system = useAnswer<SystemAnswer>(place.view === 'link' ? null : '/api/system', 10_000);
  const timeZone = system.value?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const texts = useMemo(() => textsFor(language, words, timeZone), [language, words, timeZone]);
  const isFirst = useRef(true);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(() => {
    const dress = (): void => {
      if (chosen.theme === null) document.documentElement.removeAttribute('data-theme');
      else document.documentElement.dataset.theme = chosen.theme;
    };
    const whiten = (): void => {
      document.documentElement.dataset.theme = 'light';
    };
    dress();
    // Before the charts hear of it, which are drawn anew in these colours.
    addEventListener('beforeprint', whiten, { capture: true });
    addEventListener('afterprint', dress, { capture: true });
    return () => {
      removeEventListener('beforeprint', whiten, { capture: true });
      removeEventListener('afterprint', dress, { capture: true });
    };
  }, [chosen.theme]);
  useEffect(() => {
    document.title = `${titleOf(place, texts.page)} – Cylinder Sentinel`;
  }, [place, texts]);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    // Where a view begins, for whoever cannot see that it is another one; and again once its data has come.
    const begin = (): void => document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    begin();
    const content = document.querySelector('#content');
    const observer = new MutationObserver(() => document.activeElement === document.body && begin());
    if (content !== null) observer.observe(content, { childList: true });
    return () => observer.disconnect();
  }, [pathname]);
  return (
    <TextsContext.Provider value={texts}>
      <Shell system={system.value}>
        <View place={place} system={system} />
      </Shell>
    </TextsContext.Provider>
  );
};

const open = async (): Promise<void> => {
  if (location.search.includes('code=')) await loadSignIn();
  const language = languageOf(settings.get());
  const words = await loadWords(language);
  const root = document.querySelector('#page');
  if (root === null) return;
  followLinks();
  followChanges();
  root.textContent = '';
  render(<Page first={{ language, words }} />, root);
  // It shows the last state where the pipeline is away; a browser may have none, or not here.
  navigator.serviceWorker?.register('/service-worker.js').catch(() => {});
};

await open();
