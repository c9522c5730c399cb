import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { startKafka } from '../../src/kafka/index.js';
import { connectTo, createTopic, producerOf } from './client.js';

async function filesOf(directory: string): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const contents = paths.toSorted().map(async (path) => [path, (await readFile(path)).toString('hex')]);
  return Object.fromEntries(await Promise.all(contents)) as Record<string, string>;
}

it('a second start on the same port and directory is refused, and leaves every file as it was', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'kafka-'));
  const first = await startKafka({ dataDir, log: () => {} });
  try {
    const client = connectTo(() => first.url);
    const topic = await createTopic({}, client);
    const producer = producerOf(client);
    await producer.connect();
    await producer.send({ topic, messages: [{ value: 'kept' }] });
    await producer.disconnect();
    // Half a record, as a write under way looks to whoever opens the file meanwhile: a start would cut it off.
    await appendFile(join(dataDir, 'state.log'), Buffer.from([0, 0, 0]));
    const before = await filesOf(dataDir);
    const second = startKafka({ dataDir, port: first.port, log: () => {} });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(await filesOf(dataDir)).toEqual(before);
  } finally {
    await first.stop();
    await rm(dataDir, { recursive: true });
  }
});
