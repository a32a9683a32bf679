import { type DuckDBAppender, type DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';
import { fillSampleColumns } from './sample-columns.ts';
import { SAMPLE_COLUMN_TYPES } from './telemetry-schema.ts';

/** The most rows that a chunk takes. */
const CHUNK_ROWS = 2048;

/**
 * Makes what appends samples to the table, within the transaction that is open. Chunk and appender are used again and
 * again: their memory is let go of by garbage collection only, and 100 MB would gather before it came.
 */
export const sampleAppender = (connection: DuckDBConnection) => {
  const chunk = DuckDBDataChunk.create(SAMPLE_COLUMN_TYPES);
  let kept: DuckDBAppender | null = null;
  return async (samples: readonly StoredSample[]): Promise<void> => {
    const appender = kept ?? (await connection.createAppender('samples'));
    kept = null;
    try {
      for (let start = 0; start < samples.length; start += CHUNK_ROWS) {
        fillSampleColumns(chunk, samples.slice(start, start + CHUNK_ROWS));
        appender.appendDataChunk(chunk);
      }
      appender.flushSync();
      kept = appender;
    } catch (error) {
      // Closing flushes what is left, which would fail once more and hide why.
      appender.clear();
      appender.closeSync();
      throw error;
    }
  };
};
