import { describe, expect, it } from '@jest/globals';
import type { PartitionProgress } from '../topic/reading-progress.js';
import type { StoredRoute } from './billing-routes.js';
import { invoiceRecipient } from './invoice-recipient.js';

const now = new Date('2026-11-24T12:00:00.000Z');
const [recordedAt, knownAt] = [new Date('2026-11-23T08:00:00.000Z'), new Date('2026-11-23T08:00:01.000Z')];
const CLIENT = 'studio-nord/brasserie-lefevre';
const NOBODY_HELD_BACK = { clients: [], complete: true, readTo: 1 };
const route: StoredRoute = {
  _id: CLIENT,
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
  heldBack: NOBODY_HELD_BACK,
  ...change,
});

describe('who gets an invoice', () => {
  it('is told with the rule, the revision, and when it was recorded and known', () => {
    expect(invoiceRecipient(CLIENT, route, [partition(0), partition(1)], [], now)).toEqual({
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
    expect(invoiceRecipient(CLIENT, nobody, [partition(1)], [], now)).toEqual({
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
    expect(invoiceRecipient(CLIENT, route, [silent, partition(1)], [], now)).toMatchObject({
      freshness: 'current',
    });
    const behind = partition(1, { end: 10 });
    expect(invoiceRecipient(CLIENT, route, [partition(0), behind], [], now)).toMatchObject({
      freshness: 'catching_up',
    });
  });

  it('is not known of a client that no route came of, which means something only once every partition was read', () => {
    expect(invoiceRecipient(CLIENT, undefined, [partition(0), partition(1)], [], now)).toEqual({
      status: 'unknown',
      freshness: 'current',
      gaps: [],
    });
    expect(
      invoiceRecipient(CLIENT, undefined, [partition(0), partition(1, { end: 10 })], [], now),
    ).toMatchObject({
      freshness: 'catching_up',
    });
    expect(invoiceRecipient(CLIENT, undefined, [], [], now)).toMatchObject({ freshness: 'catching_up' });
  });

  it('comes with the revisions that are missing', () => {
    const gaps = [{ from: 3, to: 4 }];
    expect(invoiceRecipient(CLIENT, route, [partition(1)], gaps, now)).toMatchObject({
      status: 'routed',
      gaps,
    });
  });

  describe('is not told where something of the client is held back', () => {
    const list = (change: object) => ({ ...NOBODY_HELD_BACK, ...change });
    const named = (client: string, status: 'held_back' | 'skipped') =>
      list({ clients: [{ client, revision: 6, status }] });
    const told = (of: StoredRoute | undefined, heldBack: typeof NOBODY_HELD_BACK) =>
      invoiceRecipient(CLIENT, of, [partition(0), partition(1, { heldBack })], [], now);

    it.each(['held_back', 'skipped'] as const)('but from which revision on, and why: %s', (because) => {
      const answer = { status: 'held_back', because, unpublishedFrom: 6, freshness: 'current', gaps: [] };
      expect(told(route, named(CLIENT, because))).toEqual(answer);
      expect(told(undefined, named(CLIENT, because))).toEqual(answer);
    });

    it('nor where more are held back than are named', () => {
      const answer = { status: 'held_back', because: 'held_back', freshness: 'current', gaps: [] };
      expect(told(route, list({ complete: false }))).toEqual(answer);
      expect(told(undefined, list({ complete: false }))).toEqual(answer);
    });

    it('which does not concern another client, nor another partition', () => {
      expect(told(route, named(`${CLIENT}-2`, 'held_back'))).toMatchObject({ status: 'routed' });
      const others = [partition(0, { heldBack: list({ complete: false }) }), partition(1)];
      expect(invoiceRecipient(CLIENT, route, others, [], now)).toMatchObject({ status: 'routed' });
    });

    it('and is never known for certain before it was read who is', () => {
      const { heldBack: _none, ...unread } = partition(1);
      expect(invoiceRecipient(CLIENT, route, [unread], [], now)).toMatchObject({ freshness: 'catching_up' });
    });
  });
});
