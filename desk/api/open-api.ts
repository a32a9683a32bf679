import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import type { Route } from './route.ts';
import { errorAnswer } from './schemas.ts';

const schemaFor = (schema: v.GenericSchema, typeMode: 'input' | 'output') => {
  const { $schema: _, ...rest } = toJsonSchema(schema, { typeMode, errorMode: 'ignore' });
  return rest;
};

const pathParameters = (path: string) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

const queryParameters = (query: v.GenericSchema) => {
  const { properties = {}, required = [] } = schemaFor(query, 'input');
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
};

const content = (schema: object, type = 'application/json') => ({ [type]: { schema } });

const ERRORS: Readonly<Record<string, string>> = {
  400: 'not understood',
  401: 'nobody is known to ask',
  403: 'not allowed',
  404: 'there is no such thing',
  429: 'too many requests: ask again later',
  503: 'cannot be answered now: ask again',
};

const errors = () => {
  const schema = schemaFor(errorAnswer, 'output');
  return Object.fromEntries(
    Object.entries(ERRORS).map(([status, description]) => [
      status,
      { description, content: content(schema) },
    ]),
  );
};

const operationOf = (line: Route) => ({
  summary: line.summary,
  parameters: [...pathParameters(line.path), ...queryParameters(line.query)],
  ...(line.method === 'post'
    ? { requestBody: { required: true, content: content(schemaFor(line.body, 'input')) } }
    : {}),
  responses: {
    200: {
      description: 'the answer',
      content:
        line.answer === null
          ? content({ type: 'string' }, 'text/csv')
          : content(schemaFor(line.answer, 'output')),
    },
    ...(line.method === 'post' ? { 409: { description: 'refused, in words' } } : {}),
    ...errors(),
  },
});

/** The API as an OpenAPI document, made of the very schemas that it parses with. https://spec.openapis.org/oas/v3.1.1.html */
export const openApi = (lines: readonly Route[], version: string): object => {
  const paths: Record<string, Record<string, object>> = {};
  for (const line of lines) paths[line.path] = { ...paths[line.path], [line.method]: operationOf(line) };
  return { openapi: '3.1.1', info: { title: 'Cylinder Sentinel: the desk', version }, paths };
};
