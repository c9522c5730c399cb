import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { recordedEvents } from '../../test/fixtures/recorded-events.js';
import type { ContactBookCommand } from '../contact-book/commands.js';
import { type ContactBook, evolve, initial } from '../contact-book/contact-book.js';
import { decide } from '../contact-book/decide.js';
import { isSameAddress } from '../contact-book/email-address.js';
import { ERASED, type Personal } from '../contact-book/erased.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import { Refusal } from '../contact-book/refusal.js';
import type { RecordedEvent } from '../event-log/stored-form.js';
import { project, type ReadModelDocument } from './read-model.js';
import { READ_MODELS } from './read-models.js';

const client = { workspaceId: 'ws', clientId: 'one' };
const IDS = ['ann', 'bob', 'cy'];
const EMAILS = ['a@x.example', 'A@x.example', 'b@x.example', 'c@x.example'];
const rules = { maxContacts: 200, mayChangePortalAccess: true };

const id = fc.constantFrom(...IDS);
const email = fc.constantFrom(...EMAILS);
const command: fc.Arbitrary<ContactBookCommand> = fc.oneof(
  fc.record({ type: fc.constant('AddContact' as const), contactId: id, email, primary: fc.boolean() }),
  fc.record({ type: fc.constant('ChangeContactDetails' as const), contactId: id, email }),
  fc.record({ type: fc.constant('RemoveContact' as const), contactId: id }),
  fc.record({ type: fc.constant('SetPrimaryContact' as const), contactId: fc.option(id) }),
  fc.record({ type: fc.constant('SetBillingDefault' as const), contactId: fc.option(id) }),
  fc.record({ type: fc.constant('SetBillingEmail' as const), email: fc.option(email) }),
  fc.record({ type: fc.constant('TogglePortalAccess' as const), contactId: id, enabled: fc.boolean() }),
);

/** The appends that the commands gave, each whole. */
function appendsOf(commands: readonly ContactBookCommand[]): ContactBookEvent[][] {
  const appends: ContactBookEvent[][] = [];
  let book = initial();
  for (const asked of commands) {
    try {
      const events = [...decide(asked, book, rules)];
      if (events.length > 0) appends.push(events);
      book = events.reduce(evolve, book);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return appends;
}

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
      fc.property(fc.array(command, { maxLength: 25 }), id, (before, who) => {
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

function byAppend(events: readonly RecordedEvent[]): RecordedEvent[][] {
  const appends: RecordedEvent[][] = [];
  for (const event of events) {
    if (event.index === 0) appends.push([]);
    appends.at(-1)!.push(event);
  }
  return appends;
}

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
    { type: 'ContactErased', data: { contactId: who } },
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
