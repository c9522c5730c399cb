import { describe, expect, it } from '@jest/globals';
import { recordedEvents } from '../../test/fixtures/recorded-events.js';
import type { RecordedEvent } from '../event-log/stored-form.js';
import { type BillingRouting, billingRouting } from './billing-routing/billing-routing.js';
import { RevisionGap } from '../subscriptions/revision-gap.js';
import { project, type ReadModelDocument } from './read-model.js';

const client = { workspaceId: 'ws', clientId: 'one' };
const history = recordedEvents(client, [
  [{ type: 'ContactAdded', data: { contactId: '10', email: 'ann@x.example', portalEnabled: true } }],
  [{ type: 'PrimaryContactChanged', data: { from: null, to: '10' } }],
  [
    { type: 'ContactAdded', data: { contactId: '9', email: 'bob@x.example', portalEnabled: false } },
    { type: 'BillingDefaultChanged', data: { from: null, to: '9' } },
  ],
]);
const after = (document: ReadModelDocument<BillingRouting> | undefined, events: RecordedEvent[]) =>
  project(billingRouting, client, document, events);

describe('a document of a read model', () => {
  const whole = after(undefined, history)!;

  it('has seen the last event of its client, and says where invoices go then', () => {
    expect(whole).toMatchObject({ _id: 'ws/one', revision: 3, recordedAt: history[3]!.recordedAt });
    expect(whole.view).toMatchObject({
      route: { status: 'routed', rule: 'billing_default', email: 'bob@x.example' },
    });
  });

  it('keeps the contacts in the order in which they were added, whatever their ids look like', () => {
    expect(whole.book.contacts.map(({ contactId }) => contactId)).toEqual(['10', '9']);
  });

  it.each([0, 1, 2, 4])(
    'is the same whether its events come at once or in two batches (cut at %d)',
    (cut) => {
      expect(after(after(undefined, history.slice(0, cut)), history.slice(cut))).toEqual(whole);
    },
  );

  it('is not changed by events that it has seen', () => {
    expect(after(whole, history)).toBe(whole);
    expect(after(after(undefined, history.slice(0, 2)), history)).toEqual(whole);
  });

  it('counts the revision of an event that is passed over, and is otherwise as it was', () => {
    const passedOver = { ...history[1]!, event: { type: 'Ignored', data: {} } } as const;
    const [first, , ...rest] = history;
    const document = after(undefined, [first!, passedOver, ...rest])!;
    expect(document).toEqual({ ...whole, book: { ...whole.book, primary: null }, view: document.view });
  });

  it('is never folded over a gap', () => {
    expect(() => after(undefined, history.slice(1))).toThrow(RevisionGap);
    expect(() => after(after(undefined, history.slice(0, 1)), history.slice(2))).toThrow(RevisionGap);
  });
});
