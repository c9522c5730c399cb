import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Collection } from 'mongodb';
import {
  clientKey,
  clientIn,
  type ClientRef,
  STREAM_PREFIX,
  streamNameOf,
} from '../../event-log/contact-book-stream.js';
import type { EventStore, Position } from '../../event-log/event-store.js';
import { recordedHistory, RevisionNotReached } from '../../event-log/recorded-history.js';
import type { EventCodec } from '../../event-log/stored-form.js';
import { appendsOf } from '../../event-log/stored-form.js';
import { isBefore } from '../../subscriptions/checkpoint.js';
import { lastUnskipped, withoutSkipped } from '../../subscriptions/skips.js';
import { lastOfOurs } from '../log-end.js';
import { passOver, project, type ReadModel, type ReadModelDocument } from '../read-model.js';

/** A client whose document is not what the log gives. No personal data. */
export interface Difference {
  readonly client: string;
  /**
   * `missing`: there is no document. `behind`: it stands still although the stream goes on. `content`: the log gives
   * another one at that revision. `ahead`: the stream has not got that far, or isn't there. `skipped`: someone has
   * decided to go on without the append of that revision; the document is what the log gives without it.
   */
  readonly kind: 'missing' | 'behind' | 'content' | 'ahead' | 'skipped';
  readonly revision: number;
}

export interface VerifyProgress {
  readonly clients: number;
  readonly share: number;
}

export interface Verified {
  readonly readModel: ReadModel<object>;
  readonly documents: Collection<ReadModelDocument>;
  readonly eventStore: EventStore;
  readonly codec: EventCodec;
}

const ATTEMPTS = 10;
const PAUSE_MS = 200;

/**
 * Compares each client's document with a fresh fold of its stream, while the projection goes on; yields what differs.
 * Reads through the log to where it ended at the start for the clients, then through the documents for those of which
 * the log knows nothing; what is in memory is one client.
 */
export async function* verify(
  verified: Verified,
  progress: (progress: VerifyProgress) => void,
): AsyncIterable<Difference> {
  const end = await lastOfOurs(verified.eventStore, undefined);
  let clients = 0;
  if (end) {
    for await (const { client, position } of clientsUntil(verified.eventStore, end)) {
      const difference = await differenceOf(verified, client);
      if (difference) yield difference;
      const document = await verified.documents.findOne({
        _id: clientKey(client),
        skipped: { $exists: true },
      });
      for (const { from } of document?.skipped ?? [])
        yield { client: clientKey(client), kind: 'skipped', revision: from };
      progress({ clients: ++clients, share: Number(position.commit) / Math.max(1, Number(end.commit)) });
    }
  }
  const documents = verified.documents.find().project<ClientRef>({ workspaceId: 1, clientId: 1 });
  for await (const { workspaceId, clientId } of documents) {
    const client = { workspaceId, clientId };
    if (!(await hasEvent(verified.eventStore, client, 0)))
      yield { client: clientKey(client), kind: 'ahead', revision: 0 };
  }
}

async function* clientsUntil(
  eventStore: EventStore,
  end: Position,
): AsyncIterable<{ client: ClientRef; position: Position }> {
  const log = eventStore.subscribe(STREAM_PREFIX, undefined);
  try {
    for await (const item of log) {
      if ('mark' in item) continue;
      const { position, revision, stream } = item;
      const client = revision === 0 ? clientIn(stream) : undefined;
      if (client) yield { client, position };
      if (!isBefore(position, end)) return;
    }
  } finally {
    log.close();
  }
}

/** What changes meanwhile is compared again: a difference is one that stands still. */
async function differenceOf(verified: Verified, client: ClientRef): Promise<Difference | undefined> {
  for (let attempt = 1; ; attempt++) {
    const difference = await differenceNow(verified, client);
    if (!difference || attempt === ATTEMPTS) return difference;
    await sleep(PAUSE_MS);
    const again = await verified.documents.findOne(
      { _id: clientKey(client) },
      { projection: { revision: 1 } },
    );
    if (difference.kind === 'content' && again?.revision === difference.revision) return difference;
  }
}

async function differenceNow(
  { readModel, documents, eventStore, codec }: Verified,
  client: ClientRef,
): Promise<Difference | undefined> {
  const key = clientKey(client);
  const document = await documents.findOne({ _id: key });
  if (!document) return { client: key, kind: 'missing', revision: -1 };
  const { revision } = document;
  let fresh: ReadModelDocument | undefined;
  try {
    fresh = await freshFold({ readModel, eventStore, codec }, client, document);
  } catch (error) {
    if (error instanceof RevisionNotReached) return { client: key, kind: 'ahead', revision };
    throw error;
  }
  if (!isDeepStrictEqual(fresh, document)) return { client: key, kind: 'content', revision };
  return (await hasEvent(eventStore, client, revision + 1))
    ? { client: key, kind: 'behind', revision }
    : undefined;
}

/** What the log gives at the document's revision, without what the document skips. */
async function freshFold(
  { readModel, eventStore, codec }: Omit<Verified, 'documents'>,
  client: ClientRef,
  { revision, skipped = [] }: ReadModelDocument,
): Promise<ReadModelDocument | undefined> {
  let fresh: ReadModelDocument | undefined;
  const left = [...skipped];
  const passSkipsUntil = (end: number) => {
    while (left[0] && left[0].to <= end) fresh = passOver(readModel, fresh, { client, ...left.shift()! });
  };
  const asOf = { revision: lastUnskipped(revision, skipped) };
  const history =
    asOf.revision < 0 ? [] : recordedHistory(withoutSkipped(eventStore, skipped), codec, client, asOf);
  for await (const events of history) {
    for (const append of appendsOf(events)) {
      passSkipsUntil(append[0]!.revision);
      fresh = project(readModel, client, fresh, append);
    }
  }
  passSkipsUntil(revision);
  return fresh;
}

async function hasEvent(eventStore: EventStore, client: ClientRef, revision: number): Promise<boolean> {
  for await (const _event of eventStore.read(streamNameOf(client), revision, revision)) return true;
  return false;
}
