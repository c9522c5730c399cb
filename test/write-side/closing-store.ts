/** A process that closes its client of the event store, and says when that is done. */
import { EventStoreDBClient } from '@eventstore/db-client';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';

const [url, ending] = process.argv.slice(2);

/** What the client does at its end, where it waits for a call that never ends on a connection that is gone. */
async function waitForEver(this: { getChannel(): Promise<{ close(): void }> }): Promise<never> {
  (await this.getChannel()).close();
  return new Promise(() => {});
}
if (ending === 'endless') {
  // Each client sets it itself, when it is made.
  Object.defineProperty(EventStoreDBClient.prototype, 'dispose', { get: () => waitForEver, set() {} });
}

// The connection to the parent must not be what keeps the process.
process.channel!.unref();
const eventStore = new EventStoreDb({ url: url!, deadlineMs: 500 });
const failure = await eventStore.readLast('any').catch((error: Error) => error.name);
process.send!(failure ?? 'read');
await eventStore.close();
process.send!('closed', undefined, undefined, () => process.exit());
