import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startKafka } from '../../src/kafka/index.js';
import type { EmbeddedServer } from '../../src/server.js';
import { connectTo, createTopic, producerOf } from './client.js';

const API_VERSIONS = 18;
const METADATA = 3;
const FETCH = 1;
const UNSUPPORTED_VERSION = 35;

describe('a connection to the broker', () => {
  let dataDir: string;
  let server: EmbeddedServer;
  let socket: Socket;
  let lines: string[];

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'kafka-'));
    lines = [];
    server = await startKafka({ dataDir, log: (line) => lines.push(line) });
    socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
  });
  afterEach(async () => {
    socket.destroy();
    await server.stop();
    await rm(dataDir, { recursive: true });
  });

  function request(key: number, version: number, correlationId: number, body = Buffer.alloc(0)): Buffer {
    const header = Buffer.alloc(14);
    header.writeInt32BE(10 + body.length, 0);
    header.writeInt16BE(key, 4);
    header.writeInt16BE(version, 6);
    header.writeInt32BE(correlationId, 8);
    header.writeInt16BE(-1, 12);
    return Buffer.concat([header, body]);
  }

  async function answers(count: number): Promise<Buffer[]> {
    let chunks: Buffer[] = [];
    let received = 0;
    const found: Buffer[] = [];
    for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      received += chunk.length;
      if (chunks[0]!.length < 4) chunks = [Buffer.concat(chunks)];
      while (received >= 4 && received >= 4 + chunks[0]!.readInt32BE(0)) {
        const bytes = Buffer.concat(chunks);
        const end = 4 + bytes.readInt32BE(0);
        found.push(bytes.subarray(4, end));
        chunks = [bytes.subarray(end)];
        received -= end;
      }
      if (found.length >= count) break;
    }
    return found;
  }

  const allTopics = Buffer.from([0xff, 0xff, 0xff, 0xff]);

  it('answers requests that come in pieces, and several that come at once, in their order', async () => {
    const bytes = Buffer.concat([1, 2, 3].map((id) => request(METADATA, 1, id, allTopics)));
    socket.write(bytes.subarray(0, 3));
    await new Promise((resolve) => setImmediate(resolve));
    socket.write(bytes.subarray(3, 25));
    await new Promise((resolve) => setImmediate(resolve));
    socket.write(bytes.subarray(25));
    const correlationIds = (await answers(3)).map((answer) => answer.readInt32BE(0));
    expect(correlationIds).toEqual([1, 2, 3]);
  });

  it('tells a client that asks for a later ApiVersions, in version 0, which versions of it there are', async () => {
    socket.write(request(API_VERSIONS, 3, 7));
    const [answer] = await answers(1);
    expect(answer!.readInt32BE(0)).toBe(7);
    expect(answer!.readInt16BE(4)).toBe(UNSUPPORTED_VERSION);
    const entries = answer!.readInt32BE(6);
    expect([entries, answer!.readInt16BE(10), answer!.readInt16BE(12), answer!.readInt16BE(14)]).toEqual([
      1, 18, 0, 2,
    ]);
  });

  it.each([
    ['a version that is not served', request(FETCH, 11, 1)],
    ['an API that is not served', request(999, 0, 1)],
    ['a request that ends too early', request(METADATA, 1, 1, Buffer.from([0, 0, 0, 9]))],
    ['a request above 100 MiB', Buffer.from([0x7f, 0xff, 0xff, 0xff])],
    ['bytes of another protocol', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('is closed, with a line in the log, by %s', async (_what, bytes) => {
    socket.resume();
    socket.write(bytes);
    await once(socket, 'close');
    expect(lines).toEqual([expect.stringContaining('connection closed')]);
  });

  it('reads no further request while its client does not take the answers', async () => {
    const client = connectTo(() => server.url);
    const topic = await createTopic({}, client);
    const producer = producerOf(client);
    await producer.connect();
    for (let i = 0; i < 8; i += 1)
      await producer.send({ topic, messages: [{ value: 'x'.repeat(1_000_000) }] });
    await producer.disconnect();
    let served = 0;
    const { switchboard } = server;
    const admit = switchboard.admit.bind(switchboard);
    switchboard.admit = (operation) => {
      if (operation === 'Fetch') served += 1;
      return admit(operation);
    };
    const body = Buffer.concat([
      int32(-1),
      int32(0),
      int32(1),
      int32(1 << 26),
      Buffer.of(0),
      int32(1),
      string(topic),
    ]);
    const partition = Buffer.concat([int32(1), int32(0), Buffer.alloc(8), int32(1 << 26)]);
    const requests = Array.from({ length: 10 }, (_, id) =>
      request(FETCH, 4, id, Buffer.concat([body, partition])),
    );
    socket.pause();
    socket.write(Buffer.concat(requests));
    const other = client.admin();
    await other.connect();
    for (let i = 0; i < 20; i += 1) await other.listTopics();
    await other.disconnect();
    expect(served).toBeLessThan(5);
    expect(await answers(10)).toHaveLength(10);
  });

  it('cannot be had on a port that is in use', async () => {
    const second = startKafka({ dataDir: join(dataDir, 'second'), port: server.port });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function string(value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeInt16BE(value.length);
  return Buffer.concat([length, Buffer.from(value)]);
}
