/** A line without its end, or one that was too long to be kept. */
export type BoundedLine = Readonly<{ number: number; text: string | null }>;

/**
 * The lines of a stream of bytes (UTF-8, ended by LF or CR LF), as many at a time as a chunk brings. Of a line longer
 * than `maxBytes` nothing is kept. A last line without an end counts too.
 */
export async function* boundedLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<readonly BoundedLine[], void> {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  let number = 0;

  function keep(part: Uint8Array): void {
    restBytes += part.length;
    if (restBytes > maxBytes) rest = [];
    else if (part.length > 0) rest.push(part);
  }

  function finish(): BoundedLine {
    const text = restBytes > maxBytes ? null : Buffer.concat(rest).toString().replace(/\r$/, '');
    rest = [];
    restBytes = 0;
    number += 1;
    return { number, text };
  }

  for await (const chunk of chunks) {
    const lines: BoundedLine[] = [];
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      keep(chunk.subarray(from, end));
      lines.push(finish());
      from = end + 1;
    }
    // A copy: what is left of a chunk must not keep all of it in memory.
    keep(chunk.slice(from));
    if (lines.length > 0) yield lines;
  }
  if (restBytes > 0) yield [finish()];
}
