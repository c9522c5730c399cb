import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Keyring } from './personal-data/data-keys.js';
import { endlessKeys, fixedKey } from '../../test/fixtures/data-keys-in-memory.js';
import { asStored, everyEvent, newAppend } from '../../test/fixtures/stored-appends.js';
import { ERASED } from '../contact-book/erased.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import { EncryptedCodec } from './encrypted-codec.js';
import type { StoredEvent } from './event-store.js';
import { openedData } from './opened-events.js';
import { newestVersion, UPCASTERS } from './upcasting.js';

/** An event as it was stored by the build that stored it so first, and what the domain must see of it for ever. */
interface Fixture {
  readonly stored: Pick<StoredEvent, 'id' | 'type' | 'data' | 'metadata'>;
  readonly event: ContactBookEvent;
}

const client = { workspaceId: 'ws', clientId: 'client' };
const directory = new URL('fixtures/', import.meta.url);
const codec = new EncryptedCodec(endlessKeys);
const place = {
  stream: 'clientContacts-ws.client',
  revision: 0,
  position: { commit: 0n, prepare: 0n },
  recordedAt: new Date(0),
};

const names = readdirSync(directory);
const fixture = (name: string) => JSON.parse(readFileSync(new URL(name, directory), 'utf8')) as Fixture;
const fixtureName = (type: ContactBookEvent['type'], version: number) => `${type}.v${version}.json`;

const [added, changed, toggled] = everyEvent;

/** Each event type with all that it may have. */
const everyType: Record<ContactBookEvent['type'], ContactBookEvent> = {
  ContactAdded: added!,
  ContactDetailsChanged: changed!,
  PortalAccessToggled: toggled!,
  PrimaryContactChanged: { type: 'PrimaryContactChanged', data: { from: 'ann', to: 'bob' } },
  BillingDefaultChanged: { type: 'BillingDefaultChanged', data: { from: 'ann', to: 'bob' } },
  BillingEmailChanged: {
    type: 'BillingEmailChanged',
    data: { from: 'rechnung@mönch.example', to: 'faktura@mnich.example' },
  },
  ContactRemoved: { type: 'ContactRemoved', data: { contactId: 'ann' } },
  ContactErased: { type: 'ContactErased', data: { contactId: 'ann', reason: 'requested' } },
};
const types = Object.values(everyType).map((event) => [event.type, event] as const);

async function storedNow(event: ContactBookEvent): Promise<Fixture['stored']> {
  const append = newAppend({
    events: [event],
    client,
    actor: { kind: 'user', id: 'u-1', role: 'owner' },
    reason: 'They asked for it',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    billingEmailKey: 'billing-email-key',
  });
  const [stored] = await asStored(codec, append, 0, () => 'event-id');
  const { id, type, data, metadata } = stored!;
  return { id, type, data, metadata };
}

/** The names and types of everything in it, down to what is encrypted. */
function shapeOf(stored: Fixture['stored']): unknown {
  const everyKey = { get: fixedKey } as unknown as Keyring;
  const opened = openedData({ ...place, ...stored }, client, everyKey);
  return shape({ data: stored.data, opened, metadata: stored.metadata });
}

function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shape);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner)]));
}

describe('every form in which an event was ever stored', () => {
  it.each(names)('is still read as the same event: %s', async (name) => {
    const { stored, event } = fixture(name);
    const [recorded] = await codec.fromStoredForm([{ ...place, ...stored }]);
    expect(recorded!.event).toEqual(event);
    // Of an erasure nothing is left but that it was done.
    expect(recorded!.reason).toEqual(event.type === 'ContactErased' ? ERASED : 'They asked for it');
  });

  it.each(types)('has a fixture: %s', async (type, event) => {
    for (let version = 1; version <= newestVersion(type, UPCASTERS); version++) {
      const name = fixtureName(type, version);
      if (names.includes(name)) continue;
      const missing = JSON.stringify({ stored: await storedNow(event), event }, null, 2);
      throw new Error(
        `store this as fixtures/${name}, if it is what version ${version} is like:\n${missing}`,
      );
    }
  });

  it.each(types)(
    'changes with a new version only: what is stored of %s now has the shape of its newest fixture',
    async (type, event) => {
      const { stored } = fixture(fixtureName(type, newestVersion(type, UPCASTERS)));
      expect(shapeOf(await storedNow(event))).toEqual(shapeOf(stored));
    },
  );
});
