import type { ClientRef } from './contact-book-stream.js';
import { streamNameOf } from './contact-book-stream.js';
import { EMPTY_BOOK } from './contact-book-log.js';
import type { EventStore, Revision, StoredEvent } from './event-store.js';
import type { EventCodec, RecordedEvent } from './stored-form.js';
import { endsAppend } from './stored-metadata.js';

/**
 * A point in a client's past: a revision (inside an append, the append's start), or a moment (behind the longest prefix
 * of whole appends that the event store, by its clock, recorded no later).
 */
export type AsOf = { readonly revision: Revision } | { readonly moment: Date };

/** The book has not reached the revision that was asked for: what it will be then, nobody can tell. */
export class RevisionNotReached extends Error {
  override readonly name = 'RevisionNotReached';

  constructor(readonly currentRevision: Revision) {
    super(`the contact book stands at revision ${currentRevision}`);
  }
}

/** About how many events are decoded at a time: a bound on memory, and one query for their keys. */
const EVENTS_AT_A_TIME = 500;

/**
 * What happened to a client until a point in the past, or until now: batches of whole appends, oldest first. Who has
 * been erased since is erased in all of them, so the stream is read to its end before the first batch comes, and a long
 * one is read again from where the first batch ended; what is held in memory is one batch.
 *
 * Raises RevisionNotReached, EventStoreUnavailable, UnknownEvent, KeyStoreUnavailable, KeyMissing and
 * PersonalDataUnreadable.
 */
export async function* recordedHistory(
  eventStore: Pick<EventStore, 'read'>,
  codec: EventCodec,
  client: ClientRef,
  asOf?: AsOf,
): AsyncIterable<RecordedEvent[]> {
  const { firstBatch, until, erasures } = await survey(eventStore, client, asOf);
  if (firstBatch.length > 0) yield codec.fromStoredForm(firstBatch, erasures);
  let batch: StoredEvent[] = [];
  const next = (firstBatch.at(-1)?.revision ?? until) + 1;
  for await (const event of eventStore.read(streamNameOf(client), next, until)) {
    batch.push(event);
    if (!endsBatch(batch) && event.revision !== until) continue;
    yield codec.fromStoredForm(batch, erasures);
    batch = [];
  }
}

/**
 * The revision that a point in the past stands for, which may be one that the book has not reached. A moment costs a read
 * of the whole stream: clocks may be set back. Raises EventStoreUnavailable.
 */
export async function revisionAsOf(eventStore: EventStore, client: ClientRef, asOf: AsOf): Promise<Revision> {
  return 'revision' in asOf ? asOf.revision : (await survey(eventStore, client, asOf)).until;
}

/** Reads the whole stream and keeps of it the first batch, the end of what is wanted, and all the erasures. */
async function survey(eventStore: Pick<EventStore, 'read'>, client: ClientRef, asOf: AsOf | undefined) {
  const firstBatch: StoredEvent[] = [];
  const erasures: StoredEvent[] = [];
  let until = EMPTY_BOOK.revision;
  let head = EMPTY_BOOK.revision;
  let isBehind = false;
  for await (const event of eventStore.read(streamNameOf(client), 0)) {
    head = event.revision;
    if (event.type === 'ContactErased') erasures.push(event);
    isBehind ||= !isWanted(event, asOf);
    if (isBehind) continue;
    if (!endsBatch(firstBatch)) firstBatch.push(event);
    if (endsAppend(event)) until = event.revision;
  }
  if (asOf && 'revision' in asOf && asOf.revision > head) throw new RevisionNotReached(head);
  return { firstBatch: firstBatch.filter(({ revision }) => revision <= until), until, erasures };
}

function isWanted(event: StoredEvent, asOf: AsOf | undefined): boolean {
  if (!asOf) return true;
  return 'revision' in asOf ? event.revision <= asOf.revision : event.recordedAt <= asOf.moment;
}

function endsBatch(batch: readonly StoredEvent[]): boolean {
  return batch.length >= EVENTS_AT_A_TIME && endsAppend(batch.at(-1)!);
}
