import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

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
    const child = spawn(process.execPath, [START, ...parameters], {
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
    });
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
    await killed(first.process);
    const second = await start();
    const again = [];
    for (const line of curlLines(second)) again.push(await paste(line));
    expect(again).toEqual(answers);
  });

  it('forgets the data of all three servers with --fresh', async () => {
    const first = await start();
    for (const line of curlLines(first)) await paste(line);
    await killed(first.process);
    const fresh = await start('--fresh');
    expect(await paste(curlLines(fresh)[2]!.replace('minRevision=1', 'minRevision=0'))).toMatchObject({
      status: 'unroutable',
      revision: -1,
    });
  });

  it('stops at SIGTERM with exit code 0, and keeps its data where it is told', async () => {
    const { process: child } = await start();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect((await readdir(directory)).toSorted()).toEqual([
      'event-store',
      'kafka',
      'keys',
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

  it('names the server that does not answer at the address given', async () => {
    const given = {
      EVENTSTORE_URL: 'esdb://someone:secret@127.0.0.1:1?tls=false&maxDiscoverAttempts=1',
      MONGODB_URL: process.env['MONGODB_URL']!,
      KAFKA_BROKERS: process.env['KAFKA_BROKERS']!,
      AUTH_PUBLIC_KEY: 'a key',
      MASTER_KEY: Buffer.alloc(32).toString('base64'),
    };
    const { code, said } = await failure(given);
    expect(code).toBe(1);
    expect(said).toMatch(/EVENTSTORE_URL: no answer from esdb:\/\/127\.0\.0\.1:1/);
    expect(said).not.toContain('secret');
    expect(said.trim().split('\n')).toHaveLength(1);
  });
});
