import * as v from 'valibot';
import { settingsSchema } from './settings.ts';

/** The configuration's defaults, as the recipe has them. */
export const defaultConfiguration = (): Readonly<Record<string, string | number>> =>
  v.parse(settingsSchema, {});

/** The configuration as JSON Schema, for those who write deployments. */
export const configurationSchema = (): Readonly<Record<string, unknown>> => {
  const defaults = defaultConfiguration();
  const properties = Object.entries(settingsSchema.entries).map(([key, { wrapped }]) => {
    const { expected, schema } = v.getMetadata(wrapped);
    return [key, { ...Object(schema), default: defaults[key], description: String(expected) }];
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of GGMLInference',
    type: 'object',
    properties: Object.fromEntries(properties),
  };
};
