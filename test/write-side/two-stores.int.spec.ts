import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FaultProxy, startFaultProxy } from '../../embedded/src/fault-proxy/index.js';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const BREAKS = 10;

describe('a process with two clients of the event store', () => {
  let proxy: FaultProxy;
  let child: ChildProcess;

  beforeAll(async () => {
    const url = process.env['EVENTSTORE_URL']!;
    const port = Number(/:(\d+)/.exec(url)![1]);
    proxy = await startFaultProxy({ target: { host: '127.0.0.1', port } });
    child = fork(file('two-stores.ts'), [`esdb://127.0.0.1:${proxy.port}?tls=false`, url], {
      execArgv: ['--no-warnings', '--import', file('run-typescript.mjs')],
    });
  });
  afterAll(async () => {
    if (child.exitCode === null) {
      child.kill();
      await once(child, 'exit');
    }
    await proxy.stop();
  });

  /** Waits until the process tells it so many times more; fails when the process ends. */
  function told(message: string, times: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const listen = (said: unknown) => {
        if (said === message) times -= 1;
        if (times > 0) return;
        child.off('message', listen);
        child.off('exit', reject);
        resolve();
      };
      child.on('message', listen);
      child.once('exit', () => reject(new Error('the process ended')));
    });
  }

  it('survives when one of them breaks: the other appends on, and the broken one comes back', async () => {
    await Promise.all([told('first', 3), told('second', 3)]);
    for (let breaks = 0; breaks < BREAKS; breaks++) {
      const failed = told('first failed', 1);
      proxy.swallowAnswers();
      await told('second', 3);
      proxy.cutConnections();
      await failed;
      proxy.pass();
      await Promise.all([told('first', 3), told('second', 3)]);
    }
    expect(child.exitCode).toBeNull();
  }, 60_000);
});
