import { ERASED, type Personal } from '../contact-book/erased.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import { clientOfStream, type ClientRef } from './contact-book-stream.js';
import type { StoredEvent } from './event-store.js';
import { reasonKey } from './personal-data/append-keys.js';
import {
  type DataKey,
  type DataKeys,
  DESTROYED,
  type KeyId,
  type Keyring,
  PersonalDataUnreadable,
} from './personal-data/data-keys.js';
import { unseal } from './personal-data/sealing.js';
import { isSealedValue, placeOf, reasonPlaceOf } from './sealed-value.js';
import { eventOf, isKnownType } from './stored-data.js';
import { type IgnoredEvent, type RecordedEvent, UnknownEvent } from './stored-form.js';
import { metadataOf, type StoredMetadata } from './stored-metadata.js';
import { upcast, UPCASTERS, type Upcasters, type VersionedData } from './upcasting.js';

interface EventToOpen {
  readonly stored: StoredEvent;
  readonly client: ClientRef;
  readonly metadata: StoredMetadata;
}

const IGNORED: IgnoredEvent = { type: 'Ignored', data: {} };

/** Whole appends as the domain knows them; see `EventCodec.fromStoredForm`. All their keys are read at once. */
export async function openedEvents(
  stored: readonly StoredEvent[],
  behind: readonly StoredEvent[],
  keys: DataKeys,
  upcasters: Upcasters,
): Promise<RecordedEvent[]> {
  const appends = appendsOf(stored.map(eventToOpen));
  const keyring = await keysFor(appends, erasedKeys([...stored, ...behind]), keys);
  return appends.flatMap((append) => {
    const reason = reasonOf(append, keyring);
    return append.map((event) => recordedEvent(event, openedEvent(event, keyring, upcasters), reason));
  });
}

/** The erasures among the events. No key is needed to read them. Raises UnknownEvent. */
export function recordedErasures(stored: readonly StoredEvent[]): RecordedEvent[] {
  return stored
    .filter(({ type }) => type === ('ContactErased' satisfies ContactBookEvent['type']))
    .map((event) => {
      const toOpen = eventToOpen(event);
      return recordedEvent(toOpen, openedEvent(toOpen, new Map(), UPCASTERS), undefined);
    });
}

/** An event's data with its personal values decrypted, or erased. Raises PersonalDataUnreadable. */
export function openedData(
  { id, data }: StoredEvent,
  client: ClientRef,
  keyring: Keyring,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([property, value]) => {
      if (!isSealedValue(value)) return [property, value];
      const { sealed } = value;
      const key = keyring.get(value.key);
      if (key === undefined) throw new RangeError(`key ${value.key} was not asked for`);
      if (sealed === null || key === DESTROYED) return [property, ERASED];
      return [property, unsealed(id, () => unseal(sealed, key, placeOf(client, id, data, property)))];
    }),
  );
}

function eventToOpen(stored: StoredEvent): EventToOpen {
  return { stored, client: clientOfStream(stored.stream), metadata: metadataOf(stored) };
}

function appendsOf(events: readonly EventToOpen[]): EventToOpen[][] {
  const appends: EventToOpen[][] = [];
  for (const event of events) {
    if (event.metadata.index === 0) appends.push([event]);
    else if (appends.at(-1)?.length === event.metadata.index) appends.at(-1)!.push(event);
    else throw new RangeError('only whole appends can be read');
  }
  return appends;
}

/** The keys of everyone whom these events erase: from then on nothing of theirs may be seen, wherever it stands. */
function erasedKeys(events: readonly StoredEvent[]): Set<KeyId> {
  return new Set(
    events.filter(({ type }) => type === 'ContactErased').flatMap((event) => metadataOf(event).keyIds),
  );
}

async function keysFor(
  appends: readonly EventToOpen[][],
  erased: ReadonlySet<KeyId>,
  keys: DataKeys,
): Promise<Keyring> {
  const needed = appends.flatMap((append) => [
    ...(append[0]!.metadata.reason === undefined ? [] : append.flatMap(({ metadata }) => metadata.keyIds)),
    ...append.flatMap(({ stored }) =>
      Object.values(isKnownType(stored.type) ? stored.data : {})
        .filter(isSealedValue)
        .map(({ key }) => key),
    ),
  ]);
  const live = [...new Set(needed)].filter((id) => !erased.has(id));
  const keyring = new Map<KeyId, DataKey>(live.length > 0 ? await keys.find(live) : []);
  for (const id of erased) keyring.set(id, DESTROYED);
  return keyring;
}

function openedEvent(
  toOpen: EventToOpen,
  keyring: Keyring,
  upcasters: Upcasters,
): ContactBookEvent | IgnoredEvent {
  const event = knownEvent(toOpen, keyring, upcasters);
  if (event) return event;
  if (toOpen.metadata.ignorable) return IGNORED;
  throw new UnknownEvent(toOpen.stored);
}

function knownEvent(
  { stored, client, metadata }: EventToOpen,
  keyring: Keyring,
  upcasters: Upcasters,
): ContactBookEvent | undefined {
  const { type } = stored;
  if (!isKnownType(type)) return undefined;
  const data: VersionedData = openedData(stored, client, keyring);
  return eventOf(type, upcast(type, metadata.schemaVersion, data, upcasters));
}

function reasonOf(append: readonly EventToOpen[], keyring: Keyring): Personal | undefined {
  const { stored, client, metadata } = append[0]!;
  const { reason, commandId } = metadata;
  if (reason === undefined) return undefined;
  const about = append.flatMap((event) => event.metadata.keyIds);
  const key = reasonKey({ about, commandId }, keyring);
  if (!key) return ERASED;
  return unsealed(stored.id, () => unseal(reason, key, reasonPlaceOf(client, stored.id))) as Personal;
}

function recordedEvent(
  { stored, client, metadata }: EventToOpen,
  event: RecordedEvent['event'],
  reason: Personal | undefined,
): RecordedEvent {
  const { actor, traceparent, commandId, index, count, keyIds, $correlationId, $causationId } = metadata;
  const { stream, id, revision, position, recordedAt } = stored;
  return {
    client,
    stream,
    eventId: id,
    revision,
    position,
    recordedAt,
    actor,
    correlationId: $correlationId,
    causationId: $causationId,
    commandId,
    ...(reason !== undefined && { reason }),
    ...(traceparent !== undefined && { traceparent }),
    index,
    isLastOfAppend: index === count - 1,
    ...(stored.type === 'ContactErased' && { erasedKeys: keyIds }),
    event,
  };
}

/** Raises PersonalDataUnreadable in place of whatever `open` raises, which may quote the content. */
export function unsealed(eventId: string, open: () => unknown): unknown {
  try {
    return open();
  } catch {
    throw new PersonalDataUnreadable(
      `event ${eventId}: what is encrypted was changed, or belongs to another place or key`,
    );
  }
}
