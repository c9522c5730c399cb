import type { Message } from 'kafkajs';
import { type ContactBook, initial } from '../../src/contact-book/contact-book.js';
import type { ContactBookEvent } from '../../src/contact-book/events.js';
import type { RecordedEvent } from '../../src/event-log/stored-form.js';
import { recordsOf } from '../../src/publishing/records.js';
import { recordedEvents } from '../fixtures/recorded-events.js';
import type { RecordToCheck } from '../../contracts/record-checker.js';

/** A record of a topic, and the partition that it was meant for. */
export interface PublishedRecord extends RecordToCheck {
  readonly partition: number;
  readonly value: Record<string, unknown>;
}

/** What the appends of one client, from its first one on, say on the three topics; and the book after them. */
export function published(
  client: { readonly workspaceId: string; readonly clientId: string },
  appends: readonly (readonly ContactBookEvent[])[],
  partitions = 6,
): { records: PublishedRecord[]; recorded: RecordedEvent[]; book: ContactBook } {
  const recorded = recordedEvents(client, appends);
  const records: PublishedRecord[] = [];
  let book = initial();
  let first = 0;
  for (const { length } of appends) {
    const said = recordsOf(recorded.slice(first, first + length), book, partitions);
    records.push(...said.events.map((message) => asRead('client-contacts.events', message)));
    records.push(...said.billingRoutes.map((message) => asRead('client-contacts.billing-routes', message)));
    records.push(...said.portalAccess.map((message) => asRead('client-contacts.portal-access', message)));
    book = said.after;
    first += length;
  }
  return { records, recorded, book };
}

/** A message as a consumer would read it. */
export function asRead(topic: string, { key, value, headers, partition }: Message): PublishedRecord {
  return {
    topic,
    key: String(key),
    partition: partition!,
    headers: headers as Record<string, string>,
    value: JSON.parse(String(value)) as Record<string, unknown>,
  };
}
