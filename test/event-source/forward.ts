import type { Answer, Request } from '../aws/start-server.ts';

/** Hands requests on to a server that stands elsewhere. */
export const forward =
  (endpoint: string) =>
  async ({ method, path, query, headers, body }: Request): Promise<Answer> => {
    const passed = ['x-amz-target', 'content-type'].flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, String(value)] as const];
    });
    const search = query.size === 0 ? '' : `?${query}`;
    const answer = await fetch(`${endpoint}${encodeURI(path)}${search}`, {
      method,
      headers: Object.fromEntries(passed),
      ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
    });
    const kept = ['content-type', 'x-amzn-errortype'].flatMap((name) => {
      const value = answer.headers.get(name);
      return value === null ? [] : [[name, value] as const];
    });
    return {
      status: answer.status,
      headers: Object.fromEntries(kept),
      body: new Uint8Array(await answer.arrayBuffer()),
    };
  };
