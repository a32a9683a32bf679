import { printable } from '../../domain/printable.ts';
import { SentinelError } from '../../domain/sentinel-error.ts';

/** What kind of trouble a model file makes; `message` is one line that names the file, the trouble and what to do. */
export type ModelError = Readonly<{
  code: 'not-found' | 'unreadable' | 'too-large' | 'not-a-model' | 'damaged' | 'unsupported' | 'unsafe';
  message: string;
}>;

const LONGEST_TEXT = 300;

/** Thrown by the readers of the formats and turned into a ModelError where the file's name is known. */
export class Refusal extends SentinelError {
  override name = 'Refusal';
  override readonly code: ModelError['code'];
  readonly advice: string;

  constructor(code: ModelError['code'], what: string, advice: string) {
    super(code, what);
    this.code = code;
    this.advice = advice;
  }
}

/** The file contradicts itself or breaks off. */
export const damaged = (what: string): Refusal =>
  new Refusal('damaged', `the file is damaged: ${what}`, 'copy it again from where the model was trained');

/** The file is sound but holds a model that cannot be scored here. */
export const unsupported = (what: string, advice: string): Refusal =>
  new Refusal('unsupported', what, advice);

/** The refusal with the file's name, on one printable line. */
export const modelError = (name: string, { code, message, advice }: Refusal): ModelError => ({
  code,
  message: printable(`${name}: ${shortened(message)}; ${advice}.`),
});

// Parts of a damaged file may be quoted in what is wrong with it.
const shortened = (text: string): string =>
  text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
