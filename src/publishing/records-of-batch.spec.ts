import { describe, expect, it } from '@jest/globals';
import { EventStoreInMemory } from '../../test/fixtures/event-store-in-memory.js';
import { codec, recordedEvents, storedFormOf } from '../../test/fixtures/recorded-events.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import { streamNameOf } from '../event-log/contact-book-stream.js';
import { KnownBooks } from './known-books.js';
import { recordsOfBatch } from './records-of-batch.js';

const client = { workspaceId: 'ws', clientId: 'one' };

describe('the records of a batch', () => {
  // After each the client stands where it stood before anything was written.
  const cleared: ContactBookEvent = { type: 'PrimaryContactChanged', data: { from: null, to: null } };
  const appends = recordedEvents(client, [[cleared], [cleared], [cleared]]);

  it.each([[[]], [[0]], [[0, 1]]])(
    'tell a route once of a client whose first appends are skipped: %j',
    async (skipped) => {
      const eventStore = new EventStoreInMemory();
      await eventStore.append(streamNameOf(client), -1, await Promise.all(appends.map(storedFormOf)));
      const skips = skipped.map((from) => {
        const decision = { by: 'spec', reason: '', decidedAt: new Date() };
        return { subscriber: 'publisher', stream: streamNameOf(client), from, to: from, ...decision };
      });
      const books = new KnownBooks(eventStore, codec, { of: async () => skips });
      const told: object[] = [];
      for (const append of appends.slice(skipped.length)) {
        const { billingRoutes } = await recordsOfBatch([append], books, 6);
        told.push(...billingRoutes.map(({ value }) => JSON.parse(String(value)) as object));
      }
      expect(told).toMatchObject([{ status: 'unroutable', revision: skipped.length }]);
    },
  );
});
