import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SHARED_KEYS } from './fixtures/shared-log-codec.js';
import { tokenIssuer } from './fixtures/tokens.js';

const CLIENT = 'v1/workspaces/ws/clients/client';

/** The service and the three servers, each in a process of its own: either can be killed without the other. */
describe('the service beside its servers', () => {
  let directory: string;
  let ports: Record<'http' | 'eventStore' | 'mongodb' | 'kafka', number>;
  let environment: Record<string, string>;
  let token: string;
  let servers: ChildProcess;
  let service: ChildProcess;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'processes-'));
    ports = {
      http: await freePort(),
      eventStore: await freePort(),
      mongodb: await freePort(),
      kafka: await freePort(),
    };
    const issuer = await tokenIssuer();
    token = await issuer.person('owner', 'ws');
    environment = {
      EVENTSTORE_URL: `esdb://127.0.0.1:${ports.eventStore}?tls=false`,
      MONGODB_URL: `mongodb://127.0.0.1:${ports.mongodb}/?replicaSet=embedded`,
      KAFKA_BROKERS: `127.0.0.1:${ports.kafka}`,
      HTTP_PORT: String(ports.http),
      AUTH_PUBLIC_KEY: issuer.publicKey,
      ...SHARED_KEYS,
    };
    servers = await startServers();
    service = await startService();
  });
  afterAll(async () => {
    await killed(service);
    await killed(servers);
    await rm(directory, { recursive: true, force: true });
  });

  it('has after its kill what it acknowledged before', async () => {
    expect((await add('ann')).status).toBe(201);
    await killed(service);
    service = await startService();
    expect(await emails()).toEqual(['ann@client.example']);
    expect((await add('bob')).status).toBe(201);
  });

  it('answers 503 while its servers are away, lives, and goes on by itself when they are back', async () => {
    await killed(servers);
    const refused = await add('cy');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await fetch(`http://127.0.0.1:${ports.http}/health/live`)).status).toBe(200);
    servers = await startServers();
    while ((await add('cy')).status === 503) await sleep(200);
    expect(await emails()).toEqual(['ann@client.example', 'bob@client.example', 'cy@client.example']);
    const route = () => call('GET', `${CLIENT}/billing-route?minRevision=2`);
    while (((await (await route()).json()) as { source?: string }).source !== 'read_model') await sleep(200);
  });

  const startServers = () =>
    started(
      [
        'embedded/dist/main.js',
        '--data',
        directory,
        `--event-store-port=${ports.eventStore}`,
        `--mongodb-port=${ports.mongodb}`,
        `--kafka-port=${ports.kafka}`,
      ],
      {},
      /^kafka /m,
    );
  const startService = () => started(['dist/src/main.js'], environment, /"msg":"started"/);

  async function started(
    parameters: readonly string[],
    variables: Record<string, string>,
    ready: RegExp,
  ): Promise<ChildProcess> {
    const child = spawn(process.execPath, parameters, {
      env: { PATH: process.env['PATH'], ...variables },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (chunk) => {
        output += String(chunk);
        if (ready.test(output)) resolve();
      });
      child.once('exit', () => reject(new Error(`${parameters[0]} ended: ${output}`)));
    });
    return child;
  }

  function call(method: string, path: string, body?: object, headers: object = {}): Promise<Response> {
    return fetch(`http://127.0.0.1:${ports.http}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  /** Under one key for one name: sent again, it is the same command. */
  function add(name: string): Promise<Response> {
    const email = `${name}@client.example`;
    return call('POST', `${CLIENT}/contacts`, { email }, { 'idempotency-key': name });
  }

  async function emails(): Promise<string[]> {
    const answer = await call('GET', `${CLIENT}/contacts?minRevision=${(await streamEnd()) ?? 0}`);
    const { contacts } = (await answer.json()) as { contacts: { email: string }[] };
    return contacts.map(({ email }) => email);
  }

  /** The revision of the last event, as a command that changes nothing tells it. */
  async function streamEnd(): Promise<number | undefined> {
    const answer = await call('PUT', `${CLIENT}/primary`, { contactId: null });
    return ((await answer.json()) as { revision?: number }).revision;
  }
});

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
