import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const PROGRAM = join(process.cwd(), 'embedded/dist/main.js');

/** The machine's addresses besides 127.0.0.1; all of 127/8 is Linux's own. */
function otherAddresses(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  const own = addresses
    .filter(({ address, scopeid }) => address !== '127.0.0.1' && !scopeid)
    .map(({ address }) => address);
  return process.platform === 'linux' ? ['127.0.0.2', ...own] : own;
}

/** 'connected', or the code of the error. */
async function attempt(host: string, port: number): Promise<string | undefined> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect');
    return 'connected';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  } finally {
    socket.destroy();
  }
}

// Runs the compiled program, as `npm test` builds it.
(existsSync(PROGRAM) ? describe : describe.skip)('the program that starts the embedded servers', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'embedded-'));
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  const run = (...args: string[]) => spawn(process.execPath, [PROGRAM, '--data', dataDir, ...args]);

  it.each(['SIGINT', 'SIGTERM'] as const)('prints the address of each, and stops on %s', async (signal) => {
    const child = run('event-store', '--event-store-port', '0');
    const exit = once(child, 'exit');
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
    expect(chunk.toString()).toMatch(/^event-store esdb:\/\/127\.0\.0\.1:\d+\?tls=false\n$/);
    child.kill(signal);
    expect(await exit).toEqual([0, null]);
  });

  it('serves each that is named, on 127.0.0.1 and on no other address', async () => {
    const names = ['event-store', 'mongodb', 'kafka'];
    const child = run(...names, ...names.flatMap((name) => [`--${name}-port`, '0']));
    const exit = once(child, 'exit');
    const ports = new Map<string, number>();
    for await (const line of createInterface(child.stdout)) {
      const [name = '', url = ''] = line.split(' ');
      ports.set(name, Number(/127\.0\.0\.1:(\d+)/.exec(url)?.[1]));
      if (ports.size === names.length) break;
    }
    expect([...ports.keys()]).toEqual(names);
    const others = otherAddresses();
    if (others.length === 0) console.warn('this machine has no other address: nothing is shown about those');
    for (const port of ports.values()) {
      expect(await attempt('127.0.0.1', port)).toBe('connected');
      for (const address of others) expect(await attempt(address, port)).toBe('ECONNREFUSED');
    }
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  });

  it('says in one line that a port is in use, and ends with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const child = run('event-store', '--event-store-port', String(port));
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect([said, code]).toEqual([
      `event-store: port ${port} is in use; choose another with --event-store-port\n`,
      1,
    ]);
    other.close();
  });

  it.each([['nothing-known'], ['--event-store-port', 'x'], ['--unknown']])('refuses %s', async (...args) => {
    const child = run(...args);
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(said).toContain('main.js [event-store] [mongodb] [kafka]');
    expect(code).toBe(1);
  });
});
