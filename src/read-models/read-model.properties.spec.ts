import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { appendsOf, byAppend, command, contactId } from '../../test/fixtures/random-histories.js';
import { recordedEvents } from '../../test/fixtures/recorded-events.js';
import { type ContactBook, evolve, initial } from '../contact-book/contact-book.js';
import { isSameAddress } from '../contact-book/email-address.js';
import { ERASED, type Personal } from '../contact-book/erased.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import type { RecordedEvent } from '../event-log/stored-form.js';
import { project, type ReadModelDocument } from './read-model.js';
import { READ_MODELS } from './read-models.js';

const client = { workspaceId: 'ws', clientId: 'one' };

describe.each(READ_MODELS)('whatever comes of the log, $name', (readModel) => {
  const folded = (events: readonly RecordedEvent[], from?: ReadModelDocument) =>
    project(readModel, client, from, events);

  it('is what a fresh fold gives, in any batches, and with any of them delivered again', () => {
    const deliveries = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 4 })), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 25 }), deliveries, (commands, deliveries) => {
        const appends = appendsOf(commands);
        const recorded = byAppend(recordedEvents(client, appends));
        let document: ReadModelDocument | undefined;
        let reached = 0;
        for (const [start, length] of [...deliveries, [0, recorded.length] as const]) {
          const from = start % (reached + 1);
          document = folded(recorded.slice(from, from + length).flat(), document);
          reached = Math.max(reached, Math.min(recorded.length, from + length));
          // At no time the middle of an append: it is what some number of whole appends gives.
          expect(document).toEqual(folded(recorded.slice(0, reached).flat()));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is the same whether it saw an erasure come or was built after it', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 25 }), contactId, (before, who) => {
        const appends = appendsOf(before);
        const book = appends.flat().reduce(evolve, initial());
        fc.pre(book.contacts.has(who) || book.formerContacts.has(who));
        const all = recordedEvents(client, [...appends, erasureOf(who, book, appends.flat())]);
        const live = byAppend(all).reduce<ReadModelDocument | undefined>((document, append) => {
          return folded(append, document);
        }, undefined);
        expect(folded(erasedIn(all, who))).toEqual(live);
      }),
      { numRuns: 1000 },
    );
  });
});

/** All addresses that the contact ever had. */
function addressesOf(who: string, events: readonly ContactBookEvent[]): Personal[] {
  return events.flatMap(({ type, data }) => {
    if (type === 'ContactAdded' && data.contactId === who) return [data.email];
    if (type !== 'ContactDetailsChanged' || data.contactId !== who) return [];
    return data.changes.email?.after ? [data.changes.email.after] : [];
  });
}

function erasureOf(who: string, book: ContactBook, events: readonly ContactBookEvent[]): ContactBookEvent[] {
  const theirs = addressesOf(who, events).some((address) => isSameAddress(address, book.billingEmail));
  return [
    ...(book.primary === who
      ? [{ type: 'PrimaryContactChanged', data: { from: who, to: null } } as const]
      : []),
    ...(book.billingDefault === who
      ? [{ type: 'BillingDefaultChanged', data: { from: who, to: null } } as const]
      : []),
    { type: 'ContactErased', data: { contactId: who, reason: 'requested' } },
    ...(theirs
      ? [{ type: 'BillingEmailChanged', data: { from: book.billingEmail, to: null } } as const]
      : []),
  ];
}

/** The events as they are read once the keys are gone. */
function erasedIn(events: readonly RecordedEvent[], who: string): RecordedEvent[] {
  const theirs = addressesOf(who, events.map(({ event }) => event) as ContactBookEvent[]);
  const masked = <Value extends Personal | null>(value: Value) =>
    theirs.some((address) => isSameAddress(address, value)) ? ERASED : value;
  return events.map((recorded) => {
    const { event } = recorded;
    if (event.type === 'ContactAdded' && event.data.contactId === who)
      return { ...recorded, event: { ...event, data: { ...event.data, email: ERASED, name: ERASED } } };
    if (event.type === 'ContactDetailsChanged' && event.data.contactId === who) {
      const changes = { email: { before: ERASED, after: ERASED } };
      return { ...recorded, event: { ...event, data: { ...event.data, changes } } };
    }
    if (event.type !== 'BillingEmailChanged') return recorded;
    const data = { from: masked(event.data.from), to: masked(event.data.to) };
    return { ...recorded, event: { ...event, data } };
  });
}
