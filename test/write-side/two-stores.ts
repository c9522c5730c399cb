/** A process with two clients of the event store, which both append without an end; it tells of each success. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';

async function appendForEver(name: string, url: string): Promise<never> {
  const eventStore = new EventStoreDb({ url, deadlineMs: 300 });
  for (;;) {
    try {
      const append = () =>
        eventStore.append(randomUUID(), -1, [{ id: randomUUID(), type: 'T', data: {}, metadata: {} }]);
      await Promise.all([append(), append(), append()]);
      process.send!(name);
    } catch {
      process.send!(`${name} failed`);
      await sleep(5);
    }
  }
}

process.on('disconnect', () => process.exit());
const [first, second] = process.argv.slice(2);
void appendForEver('first', first!);
void appendForEver('second', second!);
