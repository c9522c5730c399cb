import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { endlessKeys } from '../../test/fixtures/data-keys-in-memory.js';
import { asStored, everyEvent, newAppend } from '../../test/fixtures/stored-appends.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import { afterAppend, EMPTY_BOOK } from './contact-book-log.js';
import { EncryptedCodec } from './encrypted-codec.js';
import { FOLD_VERSION, openedSnapshot, sealedSnapshot } from './snapshot-form.js';

const client = { workspaceId: 'ws', clientId: 'client' };
const history: readonly ContactBookEvent[] = [
  ...everyEvent,
  { type: 'ContactAdded', data: { contactId: 'bob', email: 'bob@x.example', portalEnabled: true } },
  { type: 'PrimaryContactChanged', data: { from: null, to: 'bob' } },
  { type: 'PortalAccessToggled', data: { contactId: 'bob', enabled: false, generation: 2 } },
  {
    type: 'ContactAdded',
    data: { contactId: 'cy', email: 'cy@x.example', name: 'Cy', portalEnabled: false },
  },
  { type: 'ContactErased', data: { contactId: 'cy', reason: 'requested' } },
];

/** Each event type has a fixture of its stored form there: another test sees to that. */
const knownTypes = new Set(
  readdirSync(new URL('fixtures/', import.meta.url)).map((name) => name.slice(0, name.indexOf('.'))),
);

describe('the form of snapshots', () => {
  it('has a version of its own for these event types and what they fold into: raise it before you change this spec', async () => {
    const codec = new EncryptedCodec(endlessKeys);
    let id = 0;
    const append = newAppend({ client, events: history });
    const stored = await asStored(codec, append, 0, () => `event-${id++}`);
    const loaded = afterAppend(EMPTY_BOOK, append, stored);
    const data = await sealedSnapshot(loaded, client, 'snapshot', endlessKeys);
    expect([FOLD_VERSION, [...knownTypes].toSorted()]).toEqual([
      1,
      [
        'BillingDefaultChanged',
        'BillingEmailChanged',
        'ContactAdded',
        'ContactDetailsChanged',
        'ContactErased',
        'ContactRemoved',
        'PortalAccessToggled',
        'PrimaryContactChanged',
      ],
    ]);
    expect(data).toEqual({
      foldVersion: 1,
      revision: 14,
      eventId: 'event-14',
      contacts: [{ contactId: 'bob', portalEnabled: false, generation: 2, details: expect.any(String) }],
      formerContacts: [
        ['ann', 4],
        ['cy', 2],
      ],
      primary: 'bob',
      billingDefault: null,
      billingEmail: { key: expect.any(String), sealed: expect.any(String) },
      commands: [['command', 0, 14]],
    });
    const snapshot = { ...stored[0]!, id: 'snapshot', data: JSON.parse(JSON.stringify(data)) as object };
    const opened = await openedSnapshot({ ...snapshot, data: { ...snapshot.data } }, client, endlessKeys);
    expect(opened).toEqual(loaded);
    expect(opened!.book.billingEmail).toBe('faktura@mnich.example');
    expect(opened!.book.contacts.get('bob')).toMatchObject({ email: 'bob@x.example', name: null });
  });
});
