import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Body, Controller, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { tokenIssuer } from '../../../test/fixtures/tokens.js';
import { AddContactRequest } from '../contact-requests.js';
import { createHttpServer } from '../http-server.js';
import { importPublicKey } from '../tokens.js';
import { HTTP_LIMITS } from './http-limits.js';

@Controller('contacts')
class Endpoints {
  @Post()
  add(@Body() fields: AddContactRequest): object {
    return { ...fields };
  }
}

@Module({})
class Endpoint {}

const LIMITS = {
  ...HTTP_LIMITS,
  headersTimeoutMs: 300,
  requestTimeoutMs: 600,
  keepAliveTimeoutMs: 300,
  maxConnections: 60,
};
const HEAD = 'POST /contacts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const BODY = '{"email":"a@x.example"}';
const WHOLE = `${HEAD}Content-Length: ${BODY.length}\r\n\r\n${BODY}`;

describe('beside callers that are slow, half open or talk nonsense', () => {
  let app: NestFastifyApplication;
  let port: number;
  const open = new Set<Socket>();

  beforeAll(async () => {
    app = await createHttpServer(
      { module: Endpoint, controllers: [Endpoints] },
      {
        key: await importPublicKey((await tokenIssuer()).publicKey),
        issuer: 'client-contacts',
        audience: 'client-contacts',
      },
      pino({ level: 'silent' }),
      { accessTable: { 'POST /contacts': 'anyone' }, limits: LIMITS },
    );
    await app.listen(0, '127.0.0.1');
    port = Number(new URL(await app.getUrl()).port);
  });
  afterEach(() => {
    for (const socket of open) socket.destroy();
  });
  afterAll(() => app.close());

  async function opened(text = ''): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    open.add(socket);
    socket.on('error', () => {}).once('close', () => open.delete(socket));
    await once(socket, 'connect');
    socket.write(text);
    return socket;
  }

  /** All that comes until the server ends the connection. */
  async function received(socket: Socket): Promise<string> {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(socket, 'close');
    return Buffer.concat(chunks).toString();
  }

  const serves = async () => {
    const answer = await received(await opened(WHOLE.replace('Host: x', 'Host: x\r\nConnection: close')));
    return Number(answer.split(' ')[1]);
  };

  it.each([
    ['sends nothing', ''],
    ['stops within the head', HEAD],
    ['stops within the body', `${HEAD}Content-Length: 100\r\n\r\n{"em`],
    ['stops within a chunk', `${HEAD}Transfer-Encoding: chunked\r\n\r\n64\r\n{"em`],
  ])('one that %s is answered 408 and cut, others are served meanwhile', async (_, text) => {
    const answer = received(await opened(text));
    expect(await serves()).toBe(201);
    expect(await answer).toMatch(/^HTTP\/1\.1 408 .*"code":"request_timeout"/s);
  });

  it('one that sends a byte now and then is cut all the same', async () => {
    const socket = await opened(`${HEAD}Content-Length: 1000\r\n\r\n`);
    const answer = received(socket);
    const dripping = setInterval(() => socket.write('x'), 100);
    expect(await answer).toContain(' 408 ');
    clearInterval(dripping);
  });

  it('one that idles after its answer is cut', async () => {
    const answer = await received(await opened(WHOLE));
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    expect(answer).not.toContain(' 408 ');
  });

  it('one that ends its side, or breaks off within the body, leaves nothing behind', async () => {
    for (let count = 0; count < 20; count += 1) {
      const socket = await opened(`${HEAD}Content-Length: 100\r\n\r\n{"em`);
      if (count % 2 === 0) socket.end();
      else socket.resetAndDestroy();
    }
    expect(await serves()).toBe(201);
    await sleep(100);
    expect(await connections()).toBe(0);
  });

  it('one that sends nonsense behind a request gets the answer to the request, and no other', async () => {
    const answer = await received(await opened(`${WHOLE}\0\x01garbage\r\n\r\n`));
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 201']);
  });

  it.each([
    ['two lengths', `${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x`],
    ['a length and chunks', `${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['a length that is none', `${HEAD}Content-Length: 0x2\r\n\r\n{}`],
    ['a header that goes on in the next line', `${HEAD}X-A: b\r\n c: d\r\nContent-Length : 2\r\n\r\n{}`],
  ])('one that sends %s, which could smuggle a request, is refused', async (_, text) => {
    expect(await received(await opened(text))).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('one that sends a head without end is refused before it has sent it', async () => {
    const socket = await opened(HEAD);
    const answer = received(socket);
    for (let count = 0; count < 100 && socket.writable; count += 1)
      socket.write(`X-${count}: ${'x'.repeat(1_000)}\r\n`);
    expect(await answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('as many as may be connected idle, and more are closed; then others are served again', async () => {
    const idle = await Promise.all(Array.from({ length: LIMITS.maxConnections + 20 }, () => opened()));
    const ends = await Promise.all(idle.map((socket) => received(socket)));
    expect(ends.filter((answer) => answer.includes(' 408 '))).toHaveLength(LIMITS.maxConnections);
    expect(ends.filter((answer) => answer === '')).toHaveLength(20);
    expect(await serves()).toBe(201);
  });

  const connections = () =>
    new Promise<number>((resolve, reject) => {
      app.getHttpServer().getConnections((error: Error | null, count: number) => {
        if (error) reject(error);
        else resolve(count);
      });
    });
});
