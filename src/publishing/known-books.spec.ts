import { describe, expect, it } from '@jest/globals';
import { codec } from '../../test/fixtures/recorded-events.js';
import { EventStoreInMemory } from '../../test/fixtures/event-store-in-memory.js';
import { asStored, newAppend } from '../../test/fixtures/stored-appends.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import { streamNameOf } from '../event-log/contact-book-stream.js';
import { RevisionGap } from '../subscriptions/revision-gap.js';
import { KnownBooks } from './known-books.js';

const client = { workspaceId: 'ws', clientId: 'one' };
const billingEmail = (to: string): ContactBookEvent => ({
  type: 'BillingEmailChanged',
  data: { from: null, to },
});

describe('the book that records are made from', () => {
  it('is folded without the appends that the publication skips, whatever stands in them', async () => {
    const eventStore = new EventStoreInMemory();
    for (const revision of [0, 1, 2]) {
      const [event] = await asStored(
        codec,
        newAppend({ client, events: [billingEmail(`to-${revision}@client.example`)] }),
        revision,
      );
      // No build knows it: to fold it would fail.
      const type = revision === 1 ? 'ContactMerged' : event!.type;
      await eventStore.append(streamNameOf(client), revision - 1, [{ ...event!, type }]);
    }
    const skip = { subscriber: 'publisher', stream: streamNameOf(client), from: 1, to: 1 };
    const skips = { of: async () => [{ ...skip, by: 'spec', reason: '', decidedAt: new Date() }] };
    const books = new KnownBooks(eventStore, codec, skips);
    expect((await books.asOf(client, 2)).book.billingEmail).toBe('to-2@client.example');
    expect((await books.asOf(client, 1)).book.billingEmail).toBe('to-0@client.example');
    await expect(books.asOf(client, 3)).rejects.toThrow(RevisionGap);
    await expect(new KnownBooks(eventStore, codec).asOf(client, 2)).rejects.toThrow(
      'not known to this build',
    );
  });
});
