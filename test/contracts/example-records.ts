import { streamNameOf } from '../../src/event-log/contact-book-stream.js';
import { ERASED } from '../../src/contact-book/erased.js';
import type { ContactBookEvent } from '../../src/contact-book/events.js';
import type { ExampleRecord } from '../../contracts/examples.js';
import { heldBackLists, heldBackRecords } from '../../src/publishing/held-back-list.js';
import { heartbeats } from '../../src/publishing/heartbeat.js';
import { skippedRecord } from '../../src/publishing/skipped-record.js';
import { asRead, published } from './published-topics.js';

const client = { workspaceId: 'studio-nord', clientId: 'brasserie-lefevre' };
const [margaux, leon] = ['94ffafff-054d-8b30-9e62-1dc082749003', '0b6c1a52-7f7e-8d11-9a55-5f0a6f0f4e21'];

/** What happens to the client of the examples, append by append. */
const story: ContactBookEvent[][] = [
  [
    {
      type: 'ContactAdded',
      data: {
        contactId: margaux,
        email: 'Margaux@Lefèvre.example',
        name: 'Margaux Lefèvre',
        title: 'Owner',
        portalEnabled: true,
      },
    },
    { type: 'PrimaryContactChanged', data: { from: null, to: margaux } },
  ],
  [
    {
      type: 'ContactAdded',
      data: {
        contactId: leon,
        email: 'leon@lefevre.example',
        name: 'Léon Petit',
        phone: '+33 1 2345',
        portalEnabled: true,
      },
    },
    { type: 'BillingDefaultChanged', data: { from: null, to: leon } },
  ],
  [
    {
      type: 'ContactDetailsChanged',
      data: {
        contactId: leon,
        changes: {
          email: { before: 'leon@lefevre.example', after: 'l.petit@lefevre.example' },
          phone: { before: '+33 1 2345', after: null },
        },
        generation: 2,
      },
    },
  ],
  [{ type: 'BillingEmailChanged', data: { from: null, to: 'factures@lefevre.example' } }],
  [{ type: 'PortalAccessToggled', data: { contactId: margaux, enabled: false, generation: 2 } }],
  [
    { type: 'BillingDefaultChanged', data: { from: leon, to: null } },
    { type: 'ContactRemoved', data: { contactId: leon } },
  ],
  [{ type: 'ContactErased', data: { contactId: leon, reason: 'requested' } }],
  [
    { type: 'PrimaryContactChanged', data: { from: margaux, to: null } },
    { type: 'BillingEmailChanged', data: { from: 'factures@lefevre.example', to: null } },
    { type: 'ContactRemoved', data: { contactId: margaux } },
  ],
];

/** The same story, as a republish tells it once Léon has been erased and the billing email with him. */
const toldLater: ContactBookEvent[][] = [
  story[0]!,
  [
    {
      type: 'ContactAdded',
      data: { contactId: leon, email: ERASED, name: ERASED, phone: ERASED, portalEnabled: true },
    },
    { type: 'BillingDefaultChanged', data: { from: null, to: leon } },
  ],
  [
    {
      type: 'ContactDetailsChanged',
      data: {
        contactId: leon,
        changes: { email: { before: ERASED, after: ERASED }, phone: { before: ERASED, after: null } },
        generation: 2,
      },
    },
  ],
  [{ type: 'BillingEmailChanged', data: { from: null, to: ERASED } }],
];

/** Which record of which telling shows what; found by type, key and revision. */
const wanted: Readonly<Record<string, readonly [typeof story, revision: number, type: string]>> = {
  'contact-added.v1.json': [story, 2, 'contact-added.v1'],
  'contact-added.v1.erased.json': [toldLater, 2, 'contact-added.v1'],
  'contact-details-changed.v1.json': [story, 4, 'contact-details-changed.v1'],
  'contact-details-changed.v1.erased.json': [toldLater, 4, 'contact-details-changed.v1'],
  'contact-removed.v1.json': [story, 8, 'contact-removed.v1'],
  'primary-contact-changed.v1.json': [story, 1, 'primary-contact-changed.v1'],
  'billing-default-changed.v1.json': [story, 7, 'billing-default-changed.v1'],
  'portal-access-toggled.v1.json': [story, 6, 'portal-access-toggled.v1'],
  'billing-email-changed.v1.json': [story, 5, 'billing-email-changed.v1'],
  'billing-email-changed.v1.erased.json': [toldLater, 5, 'billing-email-changed.v1'],
  'contact-erased.v1.json': [story, 9, 'contact-erased.v1'],
  'billing-route.v1.json': [story, 5, 'billing-route.v1'],
  'billing-route.v1.erased.json': [toldLater, 5, 'billing-route.v1'],
  'billing-route.v1.unroutable.json': [story, 12, 'billing-route.v1'],
  'portal-access.v1.json': [story, 1, 'portal-access.v1'],
  'portal-access.v1.erased.json': [toldLater, 3, 'portal-access.v1'],
  'portal-access.v1.gone.json': [story, 8, 'portal-access.v1'],
};

/** A record for each type, and for what else it may look like, by the name of its file. */
export function exampleRecords(): Readonly<Record<string, ExampleRecord>> {
  const tellings = new Map(
    [story, toldLater].map((telling) => [telling, published(client, telling).records]),
  );
  const found = Object.entries(wanted).map(([file, [telling, revision, type]]) => {
    const record = tellings.get(telling)!.find(({ headers }) => {
      return headers['ce_type'] === `client-contacts.${type}` && Number(headers['ce_sequence']) === revision;
    });
    if (!record) throw new Error(`no record for ${file}`);
    return [file, inOrder(record)] as const;
  });
  const skipped = skippedRecord(
    { client, revision: 13, endsAppend: true },
    1,
    new Date(Date.UTC(2026, 10, 1, 0, 0, 14)),
  );
  const lists = heldBackLists(
    {
      skipped: [{ stream: streamNameOf(client), from: 13 }],
      heldBack: [{ stream: streamNameOf({ ...client, clientId: 'atelier-vert' }), from: 4 }],
    },
    1,
  );
  const [list] = heldBackRecords(lists, []);
  const position = { commit: 48_213n, prepare: 48_213n };
  const [beat] = heartbeats(position, new Date(Date.UTC(2026, 10, 1, 12)), 10_000, 1);
  return {
    ...Object.fromEntries(found),
    'skipped.v1.json': inOrder(asRead('client-contacts.events', skipped)),
    'held-back-clients.v1.json': inOrder(
      asRead('client-contacts.portal-access', {
        ...list!,
        headers: {
          ...list!.headers,
          ce_id: '3d0f7c52-91ab-4c0e-8f7d-2f5b1c7a9e64',
          ce_time: '2026-11-01T00:00:14.000Z',
        },
      }),
    ),
    'heartbeat.v1.json': inOrder(
      asRead('client-contacts.events', {
        ...beat!,
        headers: { ...beat!.headers, ce_id: 'b7c2e0de-3f86-4a51-8a9c-6a4e3a2f5d10' },
      }),
    ),
  };
}

/** Without the partition, which depends on how many there are. */
function inOrder({ topic, key, headers, value }: ExampleRecord): ExampleRecord {
  return { topic, key, headers, value };
}
