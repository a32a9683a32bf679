import type { CommandType } from '../../domain/alarm/commands/command.ts';
import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import type { DeskView } from '../../usecases/ports/desk-view.ts';
import type { TwinClient } from '../../usecases/ports/twin-client.ts';
import type { LinkKey } from './link-token.ts';

/** Who asks, and what they may do; `name` is null where nobody has to say who they are, as at a machine of one's own. */
export type DeskUser = Readonly<{ name: string | null; role: string; actions: readonly CommandType[] }>;

/** Cylinders that have changed; `all` where there are too many to name. */
export type DeskChange = Readonly<{ cylinders: readonly string[]; all: boolean; at: number }>;

/** A file of the page; `hashed` when its name changes with its content, so that it may be kept for ever. */
type PageFile = Readonly<{ bytes: Uint8Array; contentType: string; hashed: boolean }>;

/** What the desk is put together from, in every home. */
export type DeskPorts = Readonly<{
  view: DeskView;
  twins: Pick<TwinClient, 'get' | 'desire'>;
  policies: PolicyBook;
  /** ms since the epoch, by the pipeline's clock. */
  now: () => number;
  about: Readonly<{ version: string; site: string; language: string; timeZone: string | null }>;
  /** The files by their paths, `/index.html` among them. */
  page: () => Promise<ReadonlyMap<string, PageFile>>;
  /** Where people sign in, elsewhere: the page has to reach it. */
  signInAt?: string;
  /** Null for who is not let in. */
  userOf: (request: Request) => DeskUser | null;
  /** What the links of notices are known by. */
  links: LinkKey;
  /** Where a request comes from, so that whoever guesses links is told to wait. */
  addressOf: (request: Request) => string;
  /** Whether the server goes by this name: a page of somebody else may let its own name lead here. */
  isKnownHost: (host: string) => boolean;
  /** Tells of changes until what it returns is called; null where the page has to ask again and again. */
  changes: ((tell: (change: DeskChange) => void) => () => void) | null;
  /** Is told why a request could not be answered; nothing about who asked for what. */
  noteFailure?: (error: unknown) => void;
  /** Requests to the API a second, and how many at once. */
  limit: Readonly<{ perSecond: number; atOnce: number }>;
}>;
