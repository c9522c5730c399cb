import { createHash, createSecretKey, randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { ChangeContactBook, ChangeContactBookHandler } from '../../src/commands/change-contact-book.js';
import { COMMAND_DEFAULTS, type CommandSettings } from '../../src/commands/command-settings.js';
import type { ContactBookCommand } from '../../src/contact-book/commands.js';
import { evolve, initial } from '../../src/contact-book/contact-book.js';
import type { ContactBookEvent } from '../../src/contact-book/events.js';
import { decide } from '../../src/contact-book/decide.js';
import { BookSnapshots } from '../../src/event-log/book-snapshots.js';
import { loadBook } from '../../src/event-log/contact-book-log.js';
import { type ClientRef, streamNameOf } from '../../src/event-log/contact-book-stream.js';
import { EncryptedCodec } from '../../src/event-log/encrypted-codec.js';
import type { EventStore, EventToAppend } from '../../src/event-log/event-store.js';
import type { EventCodec, NewAppend } from '../../src/event-log/stored-form.js';
import { CachedDataKeys } from '../../src/event-log/personal-data/cached-data-keys.js';
import type { DataKeys } from '../../src/event-log/personal-data/data-keys.js';
import { withInFlight } from '../measure.js';

const madeOfIds: DataKeys = {
  find: async (ids) =>
    new Map(ids.map((id) => [id, createSecretKey(createHash('sha256').update(id).digest())])),
  obtain: async (ids) => madeOfIds.find(ids),
};

/** The service's own cache of keys, as it is for clients that were used a moment ago: what a key store costs is another measurement. */
const keysAtHand = new CachedDataKeys(madeOfIds, { maxKeys: 10_000, lifeMs: 86_400_000 });

export const encrypted = new EncryptedCodec(keysAtHand);
const actor = { kind: 'user', id: 'u-1', role: 'owner' } as const;
const rules = { maxContacts: 200, mayChangePortalAccess: true };
const APPEND_AT_ONCE = 500;
export const SNAPSHOT_INTERVAL = 100;
export const EVENTS_A_CLIENT = 20;
const silent = pino({ level: 'silent' });

export type Execute = (client: ClientRef, command: ContactBookCommand) => Promise<unknown>;

/** What a service process is to be like; by default as it comes, with all keys at hand. */
export interface Options extends Partial<CommandSettings> {
  readonly codec?: EventCodec;
  readonly snapshotInterval?: number;
}

/** Carries out commands as the service does, with a cache of its own. */
export function commandsOn(
  eventStore: EventStore,
  { codec = encrypted, snapshotInterval = SNAPSHOT_INTERVAL, ...settings }: Options = {},
): Execute {
  const snapshots = new BookSnapshots(eventStore, codec, keysAtHand, snapshotInterval, silent);
  const handler = new ChangeContactBookHandler(eventStore, codec, snapshots, {
    ...COMMAND_DEFAULTS,
    maxContacts: rules.maxContacts,
    portalAccessByAdminsOnly: false,
    ...settings,
  });
  return (client, command) =>
    handler.execute(
      new ChangeContactBook(client, command, { actor, correlationId: 'bench', commandId: randomUUID() }),
    );
}

export const newClient = (): ClientRef => ({ workspaceId: 'bench', clientId: randomUUID() });

export const add = (contactId: string): ContactBookCommand => ({
  type: 'AddContact',
  contactId,
  email: `${contactId}@client.example`,
});

/** A change of one event; for every second one personal data, and so encryption. */
export function change(index: number): ContactBookCommand {
  const contactId = index % 4 < 2 ? 'ann' : 'bob';
  return index % 2 === 0
    ? { type: 'SetPrimaryContact', contactId }
    : { type: 'ChangeContactDetails', contactId, title: `Title ${index}` };
}

/**
 * A client whose stream has this many events, of one command each; and, where there are enough, a snapshot with as many
 * events behind it as there ever are.
 */
export async function clientWithHistory(eventStore: EventStore, count: number): Promise<ClientRef> {
  const snapshots = new BookSnapshots(eventStore, encrypted, keysAtHand, 0, silent);
  const snapshotAt = count - SNAPSHOT_INTERVAL;
  const client = newClient();
  let book = initial();
  let pending: EventToAppend[] = [];
  let revision = -1;
  for (let index = 0; index < count; index++) {
    const command = index < 2 ? add(['ann', 'bob'][index]!) : change(index);
    const events = decide(command, book, rules);
    if (events.length !== 1) throw new Error('each command of a history is to give one event');
    book = events.reduce(evolve, book);
    const append = appendOf(client, events[0]!, String(index));
    pending.push(...(await encrypted.toStoredForm(append, randomUUID)));
    if (pending.length === APPEND_AT_ONCE || index === snapshotAt || index === count - 1) {
      revision = await eventStore.append(streamNameOf(client), revision, pending);
      pending = [];
    }
    if (index === snapshotAt) await snapshots.store(client, await loadBook(eventStore, encrypted, client));
  }
  return client;
}

/** Fills the log with so many events, of clients with `EVENTS_A_CLIENT` each. */
export async function fillLog(eventStore: EventStore, events: number): Promise<void> {
  await withInFlight(events / EVENTS_A_CLIENT, 20, () => clientWithHistory(eventStore, EVENTS_A_CLIENT));
}

/** What the store is sent for a command of one event, made beforehand. */
export function preparedAppend(client: ClientRef): Promise<EventToAppend[]> {
  const event = { type: 'PrimaryContactChanged', data: { from: 'ann', to: 'bob' } } as const;
  return encrypted.toStoredForm(appendOf(client, event, 'x'.repeat(60)), randomUUID);
}

/** A change of one title, as the service would store it. */
export function changeOfTitle(client: ClientRef): NewAppend {
  const changes = { title: { before: 'Title 1', after: 'Title 2' } };
  const event = {
    type: 'ContactDetailsChanged',
    data: { contactId: 'ann', changes, generation: 1 },
  } as const;
  return appendOf(client, event, 'x'.repeat(60));
}

/** An append of one event, as a command makes it. */
export function appendOf(client: ClientRef, event: ContactBookEvent, request: string): NewAppend {
  const commandId = randomUUID();
  const context = { actor, correlationId: 'bench', causationId: commandId, commandId };
  return { client, events: [event], ...context, request, billingEmailKey: null };
}
