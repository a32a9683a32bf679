import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import type { DeskUser } from './desk-ports.ts';
import { errorAnswer, type Sent } from './schemas.ts';

export type Status = 200 | 400 | 401 | 403 | 404 | 409 | 410 | 413 | 429 | 500 | 503;

/** An answer: JSON, or a text of another type. */
export type Answered =
  | Readonly<{ status: Status; body: object }>
  | Readonly<{ status: 200; text: string; type: string }>;

/** What stands where a request could not be answered as it was asked. */
export const problem = (status: Status, code: string, message: string): Answered => ({
  status,
  body: { error: { code, message } },
});

/** A request before it was looked at: what the path names, the fields of the query, and the body where there is one. */
export type RawRequest = Readonly<{
  path: (name: string) => string;
  query: unknown;
  body: unknown;
  user: DeskUser | null;
  raw: Request;
}>;

/** A request that was understood. */
export type Asked<Q, B> = Omit<RawRequest, 'query' | 'body'> & Readonly<{ query: Q; body: B }>;

type Line = Readonly<{
  method: 'get' | 'post';
  /** With what it names in braces. */
  path: string;
  summary: string;
  /** A link lets in: nobody has to say who they are. */
  isOpen?: true;
}>;

/** One line of the API: what it takes and answers, by the schemas that it parses with, and what it does. */
export type Route = Line &
  Readonly<{
    query: v.GenericSchema;
    body: v.GenericSchema;
    /** Null where it is not JSON. */
    answer: v.GenericSchema | null;
    act(request: RawRequest): Promise<Answered>;
  }>;

/** Where a request ends otherwise than with what it asked for. */
export class Otherwise {
  readonly answered: Answered;

  constructor(status: Status, code: string, message: string) {
    this.answered = problem(status, code, message);
  }
}

export const nothing = v.object({});

const fault = (issue: v.BaseIssue<unknown>): Answered =>
  problem(400, 'NotUnderstood', [v.getDotPath(issue), issue.message].filter(Boolean).join(': '));

type Taken<Q extends v.GenericSchema, B extends v.GenericSchema> = Asked<v.InferOutput<Q>, v.InferOutput<B>>;

const understood =
  <Q extends v.GenericSchema, B extends v.GenericSchema>(
    { query, body }: Readonly<{ query: Q; body: B }>,
    act: (asked: Taken<Q, B>) => Promise<Answered>,
  ) =>
  async (request: RawRequest): Promise<Answered> => {
    const asked = v.safeParse(query, request.query);
    if (!asked.success) return fault(asked.issues[0]);
    const sent = v.safeParse(body, request.body);
    if (!sent.success) return fault(sent.issues[0]);
    return await act({ ...request, query: asked.output, body: sent.output });
  };

/** A line of the API that answers in JSON. A request that its schemas do not take is answered with what is wrong about it. */
export const route = <
  Q extends v.GenericSchema,
  B extends v.GenericSchema,
  A extends v.GenericSchema<unknown, object>,
>({
  act,
  ...line
}: Line &
  Readonly<{
    query: Q;
    body: B;
    answer: A;
    act: (asked: Taken<Q, B>) => Promise<Sent<A> | Otherwise>;
  }>): Route => ({
  ...line,
  act: understood(line, async (asked) => {
    const answer = await act(asked);
    return answer instanceof Otherwise ? answer.answered : { status: 200, body: answer };
  }),
});

/** A line of the API that answers with a text of this type. */
export const textRoute = <Q extends v.GenericSchema>({
  act,
  ...line
}: Line &
  Readonly<{ query: Q; type: string; act: (query: v.InferOutput<Q>) => Promise<string> }>): Route => ({
  ...line,
  body: nothing,
  answer: null,
  act: understood({ ...line, body: nothing }, async ({ query }) => ({
    status: 200,
    text: await act(query),
    type: line.type,
  })),
});

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
