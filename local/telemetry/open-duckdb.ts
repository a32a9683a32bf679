import { DuckDBInstance } from '@duckdb/node-api';
import { sampleAppender } from './append-samples.ts';
import { duckDbError } from './duckdb-error.ts';
import { TELEMETRY_SCHEMA } from './telemetry-schema.ts';

/** Memory and processor time are for the whole pipeline: one thread is enough for a few thousand samples a second. */
const SETTINGS = {
  threads: '1',
  memory_limit: '128MB',
  // Half as many checkpoints as by default; a log of this size is read back in a third of a second after a crash.
  checkpoint_threshold: '32MB',
  // Never the network: all that is needed is built in.
  autoinstall_known_extensions: 'false',
};

const connect = async (instance: DuckDBInstance) => {
  const writer = await instance.connect();
  const reader = await instance.connect();
  await writer.run(TELEMETRY_SCHEMA);
  return {
    writer,
    reader,
    append: sampleAppender(writer),
    letGo: (): void => {
      reader.closeSync();
      writer.closeSync();
      instance.closeSync();
    },
  };
};

/** An open store: one connection that writes, with its appender, and one that reads. */
export type OpenDuckDb = Awaited<ReturnType<typeof connect>>;

/** Opens the store in the file at `path`, or makes it. Throws one line that says what to do. */
export const openDuckDb = async (path: string): Promise<OpenDuckDb> => {
  try {
    const instance = await DuckDBInstance.create(path, SETTINGS);
    try {
      return await connect(instance);
    } catch (error) {
      instance.closeSync();
      throw error;
    }
  } catch (error) {
    throw duckDbError(path, error);
  }
};
