import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { erased, removed } from '../../src/contact-book/contact-book.given-when-then.js';
import { ERASED, type Personal } from '../../src/contact-book/erased.js';
import type { ContactBookEvent } from '../../src/contact-book/events.js';
import { billingRouteState, portalAccessState } from '../../src/publishing/states.js';
import { heartbeats } from '../../src/publishing/heartbeat.js';
import { partitionOf } from '../../src/publishing/partitions.js';
import { asRead, published, type PublishedRecord } from './published-topics.js';
import { CONTRACTS } from '../../contracts/contract.js';
import { RecordChecker } from '../../contracts/record-checker.js';

const client = { workspaceId: 'ws', clientId: 'client' };
const CONTACTS = ['ann', 'bob', 'cy'];

describe('whatever happens to a client', () => {
  it('each record keeps to the contract: its topic, key, headers and value', async () => {
    const checker = await RecordChecker.ofFolder(CONTRACTS);
    forAnyHistory(({ records }) => {
      for (const record of records) expect(checker.faultsIn(record)).toEqual([]);
    });
  });

  it('each event is there once, with its id, in the order of the log', () => {
    forAnyHistory(({ records, recorded }) => {
      expect(
        on(records, 'events').map(({ headers }) => [headers['ce_id'], Number(headers['ce_sequence'])]),
      ).toEqual(recorded.map(({ eventId, revision }) => [eventId, revision]));
    });
  });

  it('the last record of each key on a state topic tells the state that a fresh fold gives', () => {
    forAnyHistory(({ records, book }) => {
      const routes = on(records, 'billing-routes');
      expect(withoutRevision(routes.at(-1))).toEqual(billingRouteState(book));
      for (const id of [...book.contacts.values(), ...book.formerContacts].map(
        ({ contactId }) => contactId,
      )) {
        const last = on(records, 'portal-access').findLast(({ key }) => key === `ws/client/${id}`);
        expect(withoutRevision(last)).toEqual(portalAccessState(book, id));
      }
    });
  });

  it('a state is said at the end of an append, and only where it is another than before', () => {
    forAnyHistory(({ records, recorded }) => {
      const ends = recorded.filter(({ isLastOfAppend }) => isLastOfAppend).map(({ revision }) => revision);
      const said = new Map<string, unknown>();
      for (const record of records.filter(({ topic }) => !topic.endsWith('.events'))) {
        expect(ends).toContain(record.value['revision']);
        expect(withoutRevision(record)).not.toEqual(said.get(record.key));
        said.set(record.key, withoutRevision(record));
      }
    });
  });

  it('the last record of an append on each topic says so, and no other', () => {
    forAnyHistory(({ records, recorded }) => {
      const appendOf = new Map(recorded.map(({ revision, commandId }) => [revision, commandId]));
      const nextOnTopic = new Map<string, PublishedRecord>();
      for (const record of records.toReversed()) {
        const next = nextOnTopic.get(record.topic);
        const endsHere =
          next === undefined || appendOf.get(revisionOf(next)) !== appendOf.get(revisionOf(record));
        expect(record.headers['ce_appendend']).toBe(String(endsHere));
        nextOnTopic.set(record.topic, record);
      }
    });
  });

  it("all records are on the client's partition, by whatever key", () => {
    forAnyHistory(({ records }) => {
      for (const { partition } of records) expect(partition).toBe(partitionOf('ws/client', 6));
    });
  });

  it('no id is used twice', () => {
    forAnyHistory(({ records }) => {
      const ids = records.map(({ headers }) => headers['ce_id']);
      expect(new Set(ids).size).toBe(ids.length);
    });
  });
});

describe('a contact who is gone', () => {
  it.each([removed('ann'), erased('ann')])(
    'leaves ids alone on portal-access after $type, and no tombstone',
    (event) => {
      const { records } = published(client, [[added('ann')], [event]]);
      expect(on(records, 'portal-access').map(({ value }) => value)).toEqual([
        { status: 'present', email: 'ann@client.example', enabled: true, generation: 1, revision: 0 },
        { status: 'gone', generation: 2, revision: 1 },
      ]);
    },
  );
});

describe('a heartbeat', () => {
  it.each([undefined, { commit: 12345678901234567890n, prepare: 1n }])(
    'keeps to the contract on every topic at position %p',
    async (position) => {
      const checker = await RecordChecker.ofFolder(CONTRACTS);
      const beats = heartbeats(position, new Date(), 10_000, 3);
      expect(beats.map(({ partition }) => partition)).toEqual([0, 1, 2]);
      for (const topic of ['events', 'billing-routes', 'portal-access']) {
        for (const beat of beats) expect(checker.faultsIn(asRead(`any.${topic}`, beat))).toEqual([]);
      }
    },
  );
});

describe('the check of records against the contract', () => {
  it('notices a field that is missing, a wrong header, and a record on the wrong topic', async () => {
    const checker = await RecordChecker.ofFolder(CONTRACTS);
    const [event, route] = published(client, [[added('ann')]]).records as [PublishedRecord, PublishedRecord];
    const { generation: _generation, ...value } = event.value;
    expect(checker.faultsIn({ ...event, value })).toEqual(["value must have required property 'generation'"]);
    const headers = { ...event.headers, ce_sequence: '1' };
    expect(checker.faultsIn({ ...event, headers })).toEqual([
      'headers/ce_sequence must match pattern "^[0-9]{10}$"',
    ]);
    expect(checker.faultsIn({ ...route, topic: event.topic })).toEqual([
      'client-contacts.billing-route.v1 does not belong on client-contacts.events',
    ]);
  });
});

function forAnyHistory(check: (said: ReturnType<typeof published>) => void): void {
  const steps = fc.array(fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(steps, (choices) => {
      check(published(client, appendsBy(choices)));
    }),
    { numRuns: 200 },
  );
}

/** Appends as a book's rules allow them: whoever is gone never comes back, and only who is there changes. */
function appendsBy(choices: readonly (readonly [number, number, number])[]): ContactBookEvent[][] {
  const generations = new Map<string, number>();
  const gone = new Set<string>();
  const appends: ContactBookEvent[][] = [];
  let nextId = 0;
  for (const [what, who, how] of choices) {
    const there = [...generations.keys()];
    const contactId = there[who % Math.max(there.length, 1)];
    const email: Personal = how % 5 === 0 ? ERASED : `${CONTACTS[how % 3]}@client.example`;
    const raise = (id: string) => generations.set(id, generations.get(id)! + 1).get(id)!;
    if (contactId === undefined || what % 8 === 0) {
      const id = `contact-${nextId++}`;
      generations.set(id, 1);
      appends.push([added(id, email), { type: 'PrimaryContactChanged', data: { from: null, to: id } }]);
    } else if (what % 8 === 1) {
      const name = { before: null, after: how % 2 === 0 ? 'Ann' : ERASED };
      const changes = { email: { before: ERASED, after: email }, name };
      const generation = raise(contactId);
      appends.push([{ type: 'ContactDetailsChanged', data: { contactId, changes, generation } }]);
    } else if (what % 8 === 2) {
      generations.delete(contactId);
      gone.add(contactId);
      appends.push([
        { type: 'PrimaryContactChanged', data: { from: contactId, to: null } },
        { type: 'ContactRemoved', data: { contactId } },
      ]);
    } else if (what % 8 === 3) {
      const generation = raise(contactId);
      appends.push([
        { type: 'PortalAccessToggled', data: { contactId, enabled: how % 2 === 0, generation } },
      ]);
    } else if (what % 8 === 4) {
      appends.push([{ type: 'BillingDefaultChanged', data: { from: null, to: contactId } }]);
    } else if (what % 8 === 5) {
      appends.push([{ type: 'BillingEmailChanged', data: { from: null, to: how % 3 === 0 ? null : email } }]);
    } else if (what % 8 === 6 && gone.size > 0) {
      const erased = [...gone][how % gone.size]!;
      appends.push([{ type: 'ContactErased', data: { contactId: erased, reason: 'requested' } }]);
    } else {
      generations.delete(contactId);
      gone.add(contactId);
      appends.push([{ type: 'ContactErased', data: { contactId, reason: 'requested' } }]);
    }
  }
  return appends;
}

function added(contactId: string, email: Personal = `${contactId}@client.example`): ContactBookEvent {
  return { type: 'ContactAdded', data: { contactId, email, portalEnabled: true } };
}

function on(records: readonly PublishedRecord[], topic: string): PublishedRecord[] {
  return records.filter((record) => record.topic === `client-contacts.${topic}`);
}

function revisionOf({ headers }: PublishedRecord): number {
  return Number(headers['ce_sequence']);
}

function withoutRevision(record: PublishedRecord | undefined): unknown {
  const { revision: _revision, ...state } = record!.value;
  return state;
}
