import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env, pid } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The version that these tests were written against. */
const VERSION = '2.6.1';

const FOLDER = fileURLToPath(new URL('../../../.cache/dynamodb-local', import.meta.url));

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>emulator</groupId>
  <artifactId>dynamodb-local</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.amazonaws</groupId>
      <artifactId>DynamoDBLocal</artifactId>
      <version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

const run = promisify(execFile);

const fetchJars = async (): Promise<void> => {
  const building = `${FOLDER}.${pid}`;
  await mkdir(building, { recursive: true });
  const pom = join(building, 'pom.xml');
  try {
    await writeFile(pom, POM);
    const output = `-DoutputDirectory=${join(building, 'lib')}`;
    await run('mvn', ['--batch-mode', '-q', '-f', pom, 'dependency:copy-dependencies', output], {
      maxBuffer: 64 * 1024 * 1024,
    });
    // Two test files may fetch at once: the first to be done is kept.
    await rename(building, FOLDER).catch((error: unknown) => {
      if (!existsSync(FOLDER)) throw error;
    });
  } catch (cause) {
    throw new Error('DynamoDB Local could not be fetched: Maven (mvn) and Java 17 are needed.', { cause });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
};

/** The folder with the jars of DynamoDB Local: DYNAMODB_LOCAL_JARS, or one in the repository, filled on first use. */
export const dynamoDbLocalJars = async (): Promise<string> => {
  const given = env.DYNAMODB_LOCAL_JARS;
  if (given !== undefined && given !== '') return given;
  if (!existsSync(FOLDER)) await fetchJars();
  return join(FOLDER, 'lib');
};
