import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { createTopic, kafka, transactionalProducerOf, unique } from './client.js';

const run = promisify(execFile);

function isInstalled(): boolean {
  try {
    execFileSync('kcat', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write('SKIPPED: kcat is not installed, so the broker is not tried with librdkafka\n');
    return false;
  }
}

/** kcat stands for every client that is built on librdkafka. */
(isInstalled() ? describe : describe.skip)('kcat', () => {
  const kcat = async (...options: string[]): Promise<string> => {
    const { stdout } = await run('kcat', ['-q', '-b', process.env.KAFKA_BROKERS!, ...options], {
      timeout: 15_000,
    });
    return stdout;
  };

  async function produce(topic: string, value: string, ...options: string[]): Promise<void> {
    const producing = run('kcat', [
      '-b',
      process.env.KAFKA_BROKERS!,
      '-P',
      '-t',
      topic,
      '-p',
      '0',
      ...options,
    ]);
    producing.child.stdin!.end(value);
    await producing;
  }

  const consume = (topic: string): Promise<string> =>
    kcat('-C', '-t', topic, '-p', '0', '-o', 'beginning', '-e', '-f', '%o %s;');

  it('sees the broker and its topics', async () => {
    const topic = await createTopic({ numPartitions: 2 });
    expect(await kcat('-L', '-t', topic)).toContain(`topic "${topic}" with 2 partitions`);
  });

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('writes and reads with the codec %s', async (codec) => {
    const topic = await createTopic();
    await produce(topic, 'x'.repeat(500), '-z', codec);
    expect(await consume(topic)).toBe(`0 ${'x'.repeat(500)};`);
  });

  it('writes idempotently', async () => {
    const topic = await createTopic();
    await produce(topic, 'a\nb\nc', '-X', 'enable.idempotence=true');
    expect(await consume(topic)).toBe('0 a;1 b;2 c;');
  });

  it('reads as a group, and goes on where the group has come to', async () => {
    const topic = await createTopic();
    const group = unique('kcat');
    const read = (): Promise<string> =>
      kcat('-G', group, '-e', '-X', 'auto.offset.reset=earliest', '-f', '%s;', topic);
    await produce(topic, 'a');
    expect(await read()).toBe('a;');
    await produce(topic, 'b');
    expect(await read()).toBe('b;');
  });

  it('reads what was committed and not what was aborted', async () => {
    const topic = await createTopic();
    const producer = transactionalProducerOf(kafka, unique('id'));
    await producer.connect();
    for (const outcome of ['abort', 'commit'] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ value: outcome }] });
      await transaction[outcome]();
    }
    await producer.disconnect();
    await produce(topic, 'plain'); // behind the last transaction, so that its end is there to be seen
    expect(await consume(topic)).toBe('2 commit;4 plain;');
  });

  it('finds an offset by its time', async () => {
    const topic = await createTopic();
    await produce(topic, 'a');
    expect(await kcat('-Q', '-t', `${topic}:0:1000`)).toContain('offset 0');
  });
});
