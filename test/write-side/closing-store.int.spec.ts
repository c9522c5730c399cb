import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe('a process that closes its client of the event store', () => {
  /** Takes connections and says nothing: a cluster that does not tell who leads it. */
  let silent: Server;
  beforeAll(async () => {
    silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  afterAll(() => void silent.close());

  async function saidBy(url: string, ending = ''): Promise<unknown[]> {
    const said: unknown[] = [];
    const child = fork(file('closing-store.ts'), [url, ending], {
      execArgv: ['--no-warnings', '--import', file('run-typescript.mjs')],
      timeout: 20_000,
    });
    child.on('message', (message) => said.push(message));
    await once(child, 'exit');
    return said;
  }

  it('gets to its end', async () => {
    expect(await saidBy(process.env['EVENTSTORE_URL']!)).toEqual(['read', 'closed']);
  });

  it('gets to its end where the client never finishes what it was asked to end', async () => {
    expect(await saidBy(process.env['EVENTSTORE_URL']!, 'endless')).toEqual(['read', 'closed']);
  });

  it('gets to its end where nobody tells who leads the cluster; nor do reads wait for that', async () => {
    const { port } = silent.address() as AddressInfo;
    expect(await saidBy(`esdb+discover://127.0.0.1:${port}?tls=false`)).toEqual([
      'EventStoreUnavailable',
      'closed',
    ]);
  }, 30_000);
});
