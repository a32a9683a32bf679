import { answer } from './answer.ts';
import { usage } from './usage.ts';

/** Loaded before a program that knows nothing of the bench (`--import`): lets it be asked what it uses. */
answer({ usage });
