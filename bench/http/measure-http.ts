import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { type Program, startProgram } from '../child-process.js';
import { interleaved, percentile, printTable, shown } from '../measure.js';
import { startEmbedded } from '../servers.js';

const ROUNDS = 5;
/** So many clients change their books at once, each its own, one command behind the other. */
const LANES = 32;
const COMMANDS_OF_LANE = 100;
/** How many commands are timed at a quarter of the load. */
const PACED = 300;

type Send = (lane: number) => Promise<void>;

/**
 * What the whole edge costs: validation, authentication, authorisation, limits, the log and the command behind it,
 * beside a bare Fastify handler that appends one prepared event through the same client. Both are processes of their
 * own on the same servers; the load comes from this one.
 */
export async function measureHttp(): Promise<void> {
  const [eventStore, mongodb] = [await startEmbedded('event-store'), await startEmbedded('mongodb')];
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const token = await new SignJWT({ workspaces: { bench: 'owner' } })
    .setProtectedHeader({ alg: 'ES256' })
    .setSubject('bench')
    .setIssuer('client-contacts')
    .setAudience('client-contacts')
    .setExpirationTime('2h')
    .sign(privateKey);
  const environment = {
    EVENTSTORE_URL: eventStore.url,
    MONGODB_URL: mongodb.url,
    KAFKA_BROKERS: '127.0.0.1:1',
    ROLES: 'api',
    HTTP_PORT: '0',
    MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
    AUTH_PUBLIC_KEY: await exportSPKI(publicKey),
    HTTP_CALLER_RATE: '1000000',
  };
  const service = await startProgram('dist/src/main.js', () => ({ environment }), /"msg":"started"/);
  const bare = await startProgram('dist/bench/http/bare-server.js', () => ({ environment }), /"url":/);
  const sides = {
    bare: await bareSide(urlOf(bare)),
    service: await serviceSide(urlOf(service), token),
  };
  for (const {
    process: { stdout },
  } of [service, bare])
    stdout?.resume();
  const rates = await interleaved(ROUNDS, {
    bare: () => rate(sides.bare),
    service: () => rate(sides.service),
  });
  const busy = await interleaved(ROUNDS, {
    bare: () => processorTime(bare, sides.bare),
    service: () => processorTime(service, sides.service),
  });
  const pauseMs = 4000 / rates.service.median;
  const times = await interleaved(ROUNDS, {
    bare: () => pacedMedian(sides.bare, pauseMs),
    service: () => pacedMedian(sides.service, pauseMs),
  });
  printTable(
    ['commands over HTTP', 'bare Fastify + append', 'service', 'service ÷ bare'],
    [
      [
        `commands/s, ${LANES} at once`,
        shown(rates.bare),
        shown(rates.service),
        (rates.service.median / rates.bare.median).toFixed(2),
      ],
      [
        'processor time of the serving process for a command, µs',
        shown(busy.bare),
        shown(busy.service),
        (busy.bare.median / busy.service.median).toFixed(2),
      ],
      [
        'p50 at a quarter of that load, ms',
        shown(times.bare, 2),
        shown(times.service, 2),
        (times.service.median / times.bare.median).toFixed(2),
      ],
    ],
  );
  await Promise.all([service.end(), bare.end(), eventStore.end(), mongodb.end()]);
}

function urlOf({ output }: Program): string {
  return /"url":"([^"]+)"/.exec(output)![1]!;
}

async function bareSide(url: string): Promise<Send> {
  const agent = new Agent({ keepAlive: true });
  return (lane) => send(agent, `${url}/${lane}`, 'POST', { contactId: 'ann' }, {});
}

/** Each lane has a client with two contacts, of whom the one and the other become primary in turn. */
async function serviceSide(url: string, token: string): Promise<Send> {
  const agent = new Agent({ keepAlive: true });
  const headers = { authorization: `Bearer ${token}` };
  const run = Date.now();
  const lanes = await Promise.all(
    Array.from({ length: LANES }, async (_, lane) => {
      const client = `${url}/v1/workspaces/bench/clients/${run}-${lane}`;
      const ids: string[] = [];
      for (const name of ['ann', 'bob']) {
        const email = `${name}@client.example`;
        const added = await fetch(`${client}/contacts`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': name },
          body: JSON.stringify({ email }),
        });
        ids.push(((await added.json()) as { contactId: string }).contactId);
      }
      return { client, ids, count: 0 };
    }),
  );
  return (index) => {
    const lane = lanes[index]!;
    return send(agent, `${lane.client}/primary`, 'PUT', { contactId: lane.ids[lane.count++ % 2] }, headers);
  };
}

async function send(agent: Agent, url: string, method: string, body: object, headers: object): Promise<void> {
  const text = JSON.stringify(body);
  const length = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  const asked = request(url, { agent, method, headers: { ...headers, ...length } });
  asked.end(text);
  const [answer] = (await once(asked, 'response')) as [import('node:http').IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  if (answer.statusCode !== 200) throw new Error(`${method} ${url} was answered ${answer.statusCode}`);
}

/** Commands a second while every lane sends as fast as it is answered. */
async function rate(send: Send): Promise<number> {
  const start = performance.now();
  await Promise.all(
    Array.from({ length: LANES }, async (_, lane) => {
      for (let count = 0; count < COMMANDS_OF_LANE; count += 1) await send(lane);
    }),
  );
  return (LANES * COMMANDS_OF_LANE * 1000) / (performance.now() - start);
}

/** Microseconds of the program's processor time that a command takes, many being done at once. */
async function processorTime(program: Program, send: Send): Promise<number> {
  const before = await program.processorTime();
  await rate(send);
  return (((await program.processorTime()) - before) * 1000) / (LANES * COMMANDS_OF_LANE);
}

/** The median of single times, in ms, where a command sets out each `pauseMs`, whether others are answered or not. */
async function pacedMedian(send: Send, pauseMs: number): Promise<number> {
  const start = performance.now();
  const times = await Promise.all(
    Array.from({ length: PACED }, async (_, index) => {
      await sleep(Math.max(0, start + index * pauseMs - performance.now()));
      const begun = performance.now();
      await send(index % LANES);
      return performance.now() - begun;
    }),
  );
  return percentile(
    times.toSorted((a, b) => a - b),
    50,
  );
}
