import { describe, expect, it } from '@jest/globals';
import { TooBusy } from './command-errors.js';
import { CommandQueue, type QueueLimits } from './command-queue.js';

const wide: QueueLimits = { maxRunning: 100, maxWaiting: 100, maxWaitMs: 60_000 };

/** Commands that end when the test says so. */
function commands(queue: CommandQueue) {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    started,
    run: (client: string, name: string) =>
      queue.run(client, () => {
        started.push(name);
        return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
      }),
    end: async (name: string): Promise<void> => {
      ends.get(name)!();
      // Whatever follows from it has begun after a turn of the event loop.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('the queue of commands', () => {
  it('lets the commands of one client run one after another, in their order', async () => {
    const { run, end, started } = commands(new CommandQueue(wide));
    const all = ['one', 'two', 'three'].map((name) => run('ann', name));
    expect(started).toEqual(['one']);
    await end('one');
    expect(started).toEqual(['one', 'two']);
    await end('two');
    await end('three');
    expect(await Promise.all(all)).toEqual(['one', 'two', 'three']);
  });

  it('lets commands of different clients run at once', () => {
    const { run, started } = commands(new CommandQueue(wide));
    void run('ann', 'one');
    void run('bob', 'two');
    expect(started).toEqual(['one', 'two']);
  });

  it('goes on after a command that failed, and gives its failure to its caller alone', async () => {
    const queue = new CommandQueue(wide);
    const failed = queue.run('ann', () => Promise.reject(new Error('no')));
    const next = queue.run('ann', () => Promise.resolve('next'));
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('next');
  });

  it('runs no more than its bound at once, and gives each client its turn', async () => {
    const { run, end, started } = commands(new CommandQueue({ ...wide, maxRunning: 1 }));
    void run('ann', 'ann 1');
    void run('ann', 'ann 2');
    void run('ann', 'ann 3');
    void run('bob', 'bob 1');
    await end('ann 1');
    expect(started).toEqual(['ann 1', 'bob 1']);
    await end('bob 1');
    await end('ann 2');
    expect(started).toEqual(['ann 1', 'bob 1', 'ann 2', 'ann 3']);
  });

  it('refuses a command at once when as many wait as may, unless it need not wait', async () => {
    const { run, end, started } = commands(new CommandQueue({ ...wide, maxRunning: 2, maxWaiting: 1 }));
    void run('ann', 'one');
    void run('ann', 'two');
    await expect(run('ann', 'three')).rejects.toThrow(TooBusy);
    void run('bob', 'four');
    await end('one');
    expect(started).toEqual(['one', 'four', 'two']);
    void run('ann', 'five');
    await end('two');
    expect(started).toEqual(['one', 'four', 'two', 'five']);
  });

  it('refuses a command that has waited for too long, though its turn never comes, and it never runs', async () => {
    const { run, end, started } = commands(new CommandQueue({ ...wide, maxWaitMs: 20 }));
    void run('ann', 'one');
    await expect(run('ann', 'two')).rejects.toThrow(TooBusy);
    expect(started).toEqual(['one']);
    await end('one');
    void run('ann', 'three');
    expect(started).toEqual(['one', 'three']);
  });

  it('gives the place of one that has waited for too long to the next, at its client and at all others', async () => {
    const { run, end, started } = commands(new CommandQueue({ maxRunning: 1, maxWaiting: 2, maxWaitMs: 20 }));
    void run('ann', 'ann 1');
    const late = [run('ann', 'ann 2'), run('bob', 'bob 1')];
    await expect(run('cy', 'one too many')).rejects.toThrow(TooBusy);
    for (const each of late) await expect(each).rejects.toThrow(TooBusy);
    const inTime = [run('bob', 'bob 2'), run('cy', 'cy 1')];
    await end('ann 1');
    await end('bob 2');
    await end('cy 1');
    expect(await Promise.all(inTime)).toEqual(['bob 2', 'cy 1']);
    expect(started).toEqual(['ann 1', 'bob 2', 'cy 1']);
  });

  it('lets a command run to its end, however long, once its turn has come', async () => {
    const { run, end } = commands(new CommandQueue({ ...wide, maxWaitMs: 20 }));
    const slow = run('ann', 'slow');
    await expect(run('ann', 'late')).rejects.toThrow(TooBusy);
    await end('slow');
    expect(await slow).toBe('slow');
  });
});
