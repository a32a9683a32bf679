import { settingsSchema } from './settings.ts';

/**
 * The configuration of the Lambda package, which has its settings in the environment: `QUEUE_MAX_MB` is `queueMaxMb`.
 */
export const settingsOfEnvironment = (
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> => {
  const given: Record<string, string> = {};
  for (const key of Object.keys(settingsSchema.entries)) {
    const value = environment[key.replace(/[A-Z]/g, '_$&').toUpperCase()];
    if (value !== undefined) given[key] = value;
  }
  return given;
};
