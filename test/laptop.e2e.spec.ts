import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { DEVELOPMENT_ISSUER, markedAsDevelopmentKey } from '../src/operations/development-key.js';
import { HEARTBEAT_KEY } from '../src/publishing/heartbeat.js';
import { readTopic } from './fixtures/read-topic.js';
import { SHARED_KEYS } from './fixtures/shared-log-codec.js';
import { tokenIssuer } from './fixtures/tokens.js';

const START = 'dist/laptop/start.js';

interface Started {
  readonly process: ChildProcess;
  readonly output: string;
}

describe('the start on a laptop', () => {
  let directory: string;
  let running: ChildProcess[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'laptop-'));
    running = [];
  });
  afterEach(async () => {
    await Promise.all(running.map((child) => killed(child)));
    await rm(directory, { recursive: true, force: true });
  });

  /** Only what is named here, and the system's paths: addresses of other tests' servers must not reach the child. */
  function run(environment: Record<string, string>, ...parameters: string[]): ChildProcess {
    const child = spawn(
      process.execPath,
      ['--disable-warning=TimeoutNegativeWarning', START, ...parameters],
      {
        env: {
          PATH: process.env['PATH'],
          DATA_DIR: directory,
          HTTP_PORT: '0',
          EMBEDDED_EVENTSTORE_PORT: '0',
          EMBEDDED_MONGODB_PORT: '0',
          EMBEDDED_KAFKA_PORT: '0',
          ...environment,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    running.push(child);
    return child;
  }

  async function start(...parameters: string[]): Promise<Started> {
    const child = run({}, ...parameters);
    let output = '';
    for await (const chunk of child.stdout!) {
      output += String(chunk);
      if (output.includes('/billing-route?minRevision=1')) return { process: child, output };
    }
    throw new Error(`it did not start: ${output}`);
  }

  async function killed(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Runs a printed line as it would be pasted into a shell. */
  async function paste(line: string): Promise<unknown> {
    const shell = spawn('sh', ['-c', line], { stdio: ['ignore', 'pipe', 'inherit'] });
    let answer = '';
    for await (const chunk of shell.stdout) answer += String(chunk);
    return JSON.parse(answer);
  }

  const curlLines = ({ output }: Started) => output.split('\n').filter((line) => line.startsWith('curl '));

  async function failure(environment: Record<string, string>, ...parameters: string[]) {
    const child = run(environment, ...parameters);
    let said = '';
    child.stderr!.on('data', (chunk) => (said += String(chunk)));
    const [code] = (await once(child, 'close')) as [number];
    return { code, said };
  }

  it('prints where everything is and three commands that work as printed; what they did survives a kill', async () => {
    const first = await start();
    for (const name of [
      'API',
      'API documentation',
      'EventStoreDB',
      'MongoDB',
      'Kafka',
      'Development token',
    ]) {
      expect(first.output).toMatch(new RegExp(`^${name} +\\S+`, 'm'));
    }
    const lines = curlLines(first);
    const answers = [];
    for (const line of lines) answers.push(await paste(line));
    expect(answers).toMatchObject([
      { revision: 0, contacts: [{ email: 'margaux@lefevre.example', primary: false }] },
      { revision: 1, contacts: [{ email: 'margaux@lefevre.example', primary: true }] },
      { status: 'routed', rule: 'primary', email: 'margaux@lefevre.example', revision: 1 },
    ]);
    for (const signal of ['SIGKILL', 'SIGINT'] as const) {
      const former = running.at(-1)!;
      former.kill(signal);
      await once(former, 'exit');
      const next = await start();
      const again = [];
      for (const line of curlLines(next)) again.push(await paste(line));
      expect(again).toEqual(answers);
    }
  });

  it('forgets the data of all three servers with --fresh', async () => {
    const first = await start();
    for (const line of curlLines(first)) await paste(line);
    await killed(first.process);
    const fresh = await start('--fresh');
    expect(await recordsOf(fresh)).toEqual([0]);
    expect(await paste(curlLines(fresh)[2]!.replace('?minRevision=1', ''))).toMatchObject({
      status: 'unroutable',
      revision: -1,
    });
  });

  it('leaves the data of a running start alone, with --fresh too', async () => {
    const first = await start();
    for (const line of curlLines(first)) await paste(line);
    for (const parameters of [[], ['--fresh']]) {
      const { code, said } = await failure({}, ...parameters);
      expect(code).toBe(1);
      expect(said).toContain(`is used by process ${first.process.pid}`);
    }
    await killed(first.process);
    expect(await paste(curlLines(await start())[2]!)).toMatchObject({ status: 'routed', revision: 1 });
  });

  it('leaves a directory alone that holds something else', async () => {
    await mkdir(join(directory, 'mongodb'));
    await writeFile(join(directory, 'mongodb', 'precious'), 'data');
    const { code, said } = await failure({}, '--fresh');
    expect(code).toBe(1);
    expect(said).toContain('holds something else');
    expect(await readdir(join(directory, 'mongodb'))).toEqual(['precious']);
  });

  it('uses the servers of the environment and starts none of its own', async () => {
    const child = run(await given());
    let output = '';
    for await (const chunk of child.stdout!) {
      output += String(chunk);
      if (/^Kafka .*\n/m.test(output)) break;
    }
    for (const address of [process.env['MONGODB_URL'], process.env['KAFKA_BROKERS']]) {
      expect(output).toContain(address);
    }
    expect(output).not.toContain('Development token');
    expect(await readdir(directory)).toEqual([]);
    const [, url] = /^API +(\S+)$/m.exec(output)!;
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });

  it('stops at SIGTERM with exit code 0, and keeps its data where it is told', async () => {
    const { process: child } = await start();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect((await readdir(directory)).toSorted()).toEqual([
      'event-store',
      'kafka',
      'keys',
      'lock',
      'mongodb',
      'running.json',
    ]);
  });

  it.each([
    [{ KAFKA_BROKERS: '127.0.0.1:1' }, /EVENTSTORE_URL and MONGODB_URL missing beside KAFKA_BROKERS/],
    [{ HTTP_PORT: 'http', MAX_CONTACTS: '0' }, /HTTP_PORT: .*MAX_CONTACTS: /],
    [{ EMBEDDED_KAFKA_PORT: 'nine' }, /EMBEDDED_KAFKA_PORT: must be a port number/],
  ])('says in one line what is wrong with %j, and exits with 1', async (environment, line) => {
    const { code, said } = await failure(environment);
    expect(code).toBe(1);
    expect(said).toMatch(line);
    expect(said.trim().split('\n')).toHaveLength(1);
  });

  it('says in one line that an argument is not known', async () => {
    const { code, said } = await failure({}, '--frech');
    expect(code).toBe(1);
    expect(said).toMatch(/--fresh/);
  });

  it.each(['HTTP_PORT', 'EMBEDDED_EVENTSTORE_PORT', 'EMBEDDED_MONGODB_PORT', 'EMBEDDED_KAFKA_PORT'])(
    'names the port in use that %s gives, and what to do',
    async (variable) => {
      const occupant = createServer().listen(0, '127.0.0.1');
      await once(occupant, 'listening');
      const { port } = occupant.address() as { port: number };
      const { code, said } = await failure({ [variable]: String(port) });
      occupant.close();
      expect(code).toBe(1);
      expect(said).toContain(`port ${port} is in use`);
      expect(said.trim().split('\n')).toHaveLength(1);
    },
  );

  it.each([
    [
      'EVENTSTORE_URL',
      'esdb://someone:secret@127.0.0.1:1?tls=false&maxDiscoverAttempts=1',
      'no answer from esdb://127.0.0.1:1',
    ],
    ['MONGODB_URL', 'mongodb://someone:secret@127.0.0.1:1', 'no answer from mongodb://127.0.0.1:1'],
    ['MONGODB_URL', 'mongodb://', 'is no address'],
    ['KEYS_MONGODB_URL', 'mongodb://127.0.0.1:1', 'no answer from mongodb://127.0.0.1:1'],
    ['KAFKA_BROKERS', '127.0.0.1:1', 'no answer from 127.0.0.1:1'],
    ['AUTH_PUBLIC_KEY', '', 'AUTH_PUBLIC_KEY is missing'],
    ['AUTH_PUBLIC_KEY', 'nonsense', 'AUTH_PUBLIC_KEY'],
    ['AUTH_PUBLIC_KEY', markedAsDevelopmentKey('-----BEGIN PUBLIC KEY-----'), 'is the development key'],
    ['AUTH_ISSUER', DEVELOPMENT_ISSUER, 'for the embedded servers only'],
    ['MASTER_KEY', '', 'MASTER_KEY is missing'],
    ['HTTP_HOST', 'nowhere.invalid', "can't listen on nowhere.invalid"],
  ])('names %s when it is %j, and says what is wrong in one line', async (variable, value, line) => {
    const { code, said } = await failure({ ...(await given()), [variable]: value });
    expect(code).toBe(1);
    expect(said).toContain(variable);
    expect(said).toContain(line);
    expect(said).not.toContain('secret');
    expect(said.trim().split('\n')).toHaveLength(1);
  });

  /** What a start on the servers of these tests needs; it keeps to a database and topics of its own. */
  async function given(): Promise<Record<string, string>> {
    const name = `laptop-${randomUUID().slice(0, 8)}`;
    return {
      EVENTSTORE_URL: process.env['EVENTSTORE_URL']!,
      MONGODB_URL: process.env['MONGODB_URL']!,
      KAFKA_BROKERS: process.env['KAFKA_BROKERS']!,
      AUTH_PUBLIC_KEY: (await tokenIssuer()).publicKey,
      ...SHARED_KEYS,
      MONGODB_DATABASE: name,
      TOPIC_PREFIX: name,
    };
  }

  /** The revisions that stand on Kafka, once one more contact was added and arrived there. */
  async function recordsOf({ output }: Started): Promise<unknown[]> {
    const [, brokers] = /^Kafka +(\S+)$/m.exec(output)!;
    await paste(curlLines({ output } as Started)[0]!.replaceAll('brasserie-lefevre', 'another'));
    const kafka = new Kafka({ brokers: [brokers!], logLevel: logLevel.NOTHING });
    for (;;) {
      const records = (await readTopic(kafka, 'client-contacts.events')).filter(
        ({ key }) => key !== HEARTBEAT_KEY,
      );
      if (records.length > 0) return records.map(({ headers }) => Number(headers['ce_sequence']));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
});
