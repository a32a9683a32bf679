import { type Answer, type Request, startServer } from '../start-server.ts';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const failure = (status: number, code: string): Answer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
});

/** Takes the chunk signatures out of a body that the client sent in chunks. */
const bodyOf = ({ headers, body }: Request): Uint8Array => {
  if (!String(headers['content-encoding'] ?? '').includes('aws-chunked')) return body;
  const parts: Uint8Array[] = [];
  for (let at = 0; at < body.length; ) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, lineEnd), 16);
    if (!(size > 0)) break;
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return Buffer.concat(parts);
};

const MAX_LISTED = 3;

/** As much of S3 as is asked for here: buckets that hold what is put, listed in pages of three. */
export const s3Answers = (objects: Map<string, Uint8Array>) => {
  const list = (bucket: string, query: URLSearchParams): Answer => {
    const prefix = `/${bucket}/${query.get('prefix') ?? ''}`;
    const from = query.get('continuation-token') ?? '';
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > from).sort();
    const page = keys.slice(0, MAX_LISTED);
    const last = page.at(-1);
    const more = keys.length > page.length && last !== undefined;
    return {
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${
        more ? `<NextContinuationToken>${escaped(last)}</NextContinuationToken>` : ''
      }${page
        .map((key) => `<Contents><Key>${escaped(key.slice(bucket.length + 2))}</Key></Contents>`)
        .join('')}</ListBucketResult>`,
    };
  };

  return (request: Request): Answer => {
    const { method, path, query } = request;
    if (method === 'PUT') {
      objects.set(path, bodyOf(request));
      return { status: 200, headers: { etag: '"1"' } };
    }
    if (method === 'DELETE') {
      objects.delete(path);
      return { status: 204 };
    }
    if (query.get('list-type') === '2') return list(path.split('/')[1] ?? '', query);
    const body = objects.get(path);
    return body === undefined ? failure(404, 'NoSuchKey') : { status: 200, body };
  };
};

/** An S3 of its own on a free port; `control.fail` may refuse a request. */
export const startS3Server = async () => {
  const objects = new Map<string, Uint8Array>();
  const answer = s3Answers(objects);
  const control: { fail: (request: Request) => boolean } = { fail: () => false };
  const server = await startServer((request) =>
    control.fail(request) ? failure(503, 'SlowDown') : answer(request),
  );
  return { ...server, objects, control };
};
