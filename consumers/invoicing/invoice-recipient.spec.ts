import { describe, expect, it } from '@jest/globals';
import type { PartitionProgress } from '../topic/reading-progress.js';
import type { StoredRoute } from './billing-routes.js';
import { invoiceRecipient } from './invoice-recipient.js';

const now = new Date('2026-11-24T12:00:00.000Z');
const [recordedAt, knownAt] = [new Date('2026-11-23T08:00:00.000Z'), new Date('2026-11-23T08:00:01.000Z')];
const route: StoredRoute = {
  _id: 'studio-nord/brasserie-lefevre',
  revision: 5,
  status: 'routed',
  rule: 'billing_default',
  email: 'leon@lefevre.example',
  contactId: 'leon',
  passedOver: [{ rule: 'billing_email', reason: 'not_set' }],
  partition: 1,
  recordedAt,
  knownAt,
};
const partition = (number: number, change: Partial<PartitionProgress> = {}): PartitionProgress => ({
  topic: 'client-contacts.billing-routes',
  partition: number,
  readTo: 9,
  end: 9,
  asOf: now,
  intervalMs: 10_000,
  ...change,
});

describe('who gets an invoice', () => {
  it('is told with the rule, the revision, and when it was recorded and known', () => {
    expect(invoiceRecipient(route, [partition(0), partition(1)], [], now)).toEqual({
      status: 'routed',
      email: 'leon@lefevre.example',
      rule: 'billing_default',
      contactId: 'leon',
      revision: 5,
      recordedAt,
      knownAt,
      freshness: 'current',
      gaps: [],
    });
  });

  it('may be nobody, which is an answer with a revision', () => {
    const nobody = { ...route, status: 'unroutable', rule: 'none', email: null, contactId: null } as const;
    expect(invoiceRecipient(nobody, [partition(1)], [], now)).toEqual({
      status: 'unroutable',
      revision: 5,
      recordedAt,
      knownAt,
      freshness: 'current',
      gaps: [],
    });
  });

  it("is as fresh as the client's own partition", () => {
    const silent = partition(0, { asOf: new Date(0) });
    expect(invoiceRecipient(route, [silent, partition(1)], [], now)).toMatchObject({ freshness: 'current' });
    const behind = partition(1, { end: 10 });
    expect(invoiceRecipient(route, [partition(0), behind], [], now)).toMatchObject({
      freshness: 'catching_up',
    });
  });

  it('is not known of a client that no route came of, which means something only once every partition was read', () => {
    expect(invoiceRecipient(undefined, [partition(0), partition(1)], [], now)).toEqual({
      status: 'unknown',
      freshness: 'current',
      gaps: [],
    });
    expect(invoiceRecipient(undefined, [partition(0), partition(1, { end: 10 })], [], now)).toMatchObject({
      freshness: 'catching_up',
    });
    expect(invoiceRecipient(undefined, [], [], now)).toMatchObject({ freshness: 'catching_up' });
  });

  it('comes with the revisions that are missing', () => {
    const gaps = [{ from: 3, to: 4 }];
    expect(invoiceRecipient(route, [partition(1)], gaps, now)).toMatchObject({ status: 'routed', gaps });
  });
});
