import { isErased } from '../contact-book/erased.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import type { EventToAppend } from './event-store.js';
import { reasonKey, requestMac } from './personal-data/append-keys.js';
import { type DataKeys, type Keyring, liveKey } from './personal-data/data-keys.js';
import { seal } from './personal-data/sealing.js';
import { placeOf, reasonPlaceOf, type SealedValue } from './sealed-value.js';
import { partedData, type PartedData } from './stored-data.js';
import type { NewAppend } from './stored-form.js';
import type { StoredMetadata } from './stored-metadata.js';
import { newestVersion, type Upcasters } from './upcasting.js';

interface EventToSeal extends PartedData {
  readonly id: string;
  readonly type: ContactBookEvent['type'];
}

/** The append's events as they are stored, their keys being stored before. Raises what the keys raise, and KeyDestroyed. */
export async function sealedAppend(
  append: NewAppend,
  newEventId: () => string,
  keys: DataKeys,
  upcasters: Upcasters,
): Promise<EventToAppend[]> {
  const events = eventsToSeal(append, newEventId);
  const keyring = await keysFor(events, keys);
  const { actor, correlationId, causationId, commandId, traceparent } = append;
  const why = sealedWhy(append, events, keyring);
  return events.map((event, index) => {
    const metadata: StoredMetadata = {
      $correlationId: correlationId,
      $causationId: causationId,
      commandId,
      actor,
      ...(traceparent !== undefined && { traceparent }),
      index,
      count: events.length,
      keyIds: [...event.about],
      ...(index === 0 && why),
      schemaVersion: newestVersion(event.type, upcasters),
    };
    return { id: event.id, type: event.type, data: sealedData(append, event, keyring), metadata };
  });
}

function eventsToSeal(
  { client, events, billingEmailKey, goneWith }: NewAppend,
  newEventId: () => string,
): EventToSeal[] {
  let key = billingEmailKey;
  return events.map((event) => {
    const id = newEventId();
    const parted = partedData(event, client, id, key, goneWith);
    if (event.type === 'BillingEmailChanged') key = parted.newKey ?? null;
    return { id, type: event.type, ...parted };
  });
}

/** Only a key that comes into use may be made: one that was in use and is gone is an error. */
async function keysFor(events: readonly EventToSeal[], keys: DataKeys): Promise<Keyring> {
  const made = new Set(events.flatMap(({ newKey }) => newKey ?? []));
  const inUse = new Set(events.flatMap(({ about }) => about));
  if (made.size === 0) return keys.find([...inUse]);
  const inUseBefore = [...inUse].filter((id) => !made.has(id));
  const [found, obtained] = await Promise.all([keys.find(inUseBefore), keys.obtain([...made])]);
  return new Map([...found, ...obtained]);
}

function sealedData({ client }: NewAppend, event: EventToSeal, keyring: Keyring): Record<string, unknown> {
  const data: Record<string, unknown> = { ...event.clear };
  for (const [property, { key, value }] of Object.entries(event.personal)) {
    const sealed = isErased(value)
      ? null
      : seal(value, liveKey(key, keyring), placeOf(client, event.id, event.clear, property));
    data[property] = { key, sealed } satisfies SealedValue;
  }
  return data;
}

/** What the append's first event tells of all: the reason and the request, readable as long as everyone's key is there. */
function sealedWhy(
  { client, commandId, reason, request }: NewAppend,
  events: readonly EventToSeal[],
  keyring: Keyring,
): Pick<StoredMetadata, 'reason' | 'request'> {
  const append = { about: events.flatMap((event) => event.about), commandId };
  const mac = requestMac(request, append, keyring);
  if (mac === undefined) return {};
  if (reason === undefined) return { request: mac };
  const key = reasonKey(append, keyring)!;
  return { reason: seal(reason, key, reasonPlaceOf(client, events[0]!.id)), request: mac };
}
