import { randomUUID } from 'node:crypto';
import { encodeEvent, parseUuid, type ProposedEvent } from './event-encoding.js';
import type { Stream } from './event-index.js';
import type { EventLog, StoredEvents } from './event-log.js';
import { frameId } from './append-record.js';
import {
  isMetastream,
  isSoftDeleted,
  metastreamOf,
  originalStreamOf,
  softDeleted,
  withTruncateBefore,
} from './stream-metadata.js';
import { hasTombstone, metadataOf } from './stream-range.js';

export type ExpectedRevision = 'any' | 'no_stream' | 'stream_exists' | bigint;

export type WriteOutcome =
  | { result: 'success'; revision: bigint; position: number | undefined }
  | { result: 'wrong_expected_version'; current: bigint }
  | { result: 'stream_deleted' };

type Decision =
  | { decide: 'store' }
  | { decide: 'already_stored'; revision: number }
  | { decide: 'wrong_expected_version' }
  | { decide: 'stream_deleted' };

/** How many event ids are remembered for appends that name no revision. The real server's cache is bounded, too. */
const REMEMBERED_IDS = 1 << 16;
const TOMBSTONE_REVISION = 9223372036854775807n;
/** The index has what was decided but isn't durable yet: decisions count it. */
const UNDER_WAY = Infinity;

/** Decides and stores what changes a stream, by the rules of the real server's commit check. */
export class StreamWriter {
  private readonly recentIds = new Map<string, { stream: Stream; revision: number }>();

  constructor(private readonly log: EventLog) {}

  /**
   * Stores the events, if the stream is where it is expected to be. An append whose events are there already
   * (by their ids: contents are not compared) is answered as if it had just been stored.
   */
  async append(
    streamName: string,
    expected: ExpectedRevision,
    events: ProposedEvent[],
  ): Promise<WriteOutcome> {
    const ids = events.map(({ id }) => id);
    const storedIds = await this.idsStoredBehind(streamName, expected, ids.length);
    const decision = this.decide(streamName, expected, ids, storedIds);
    if (decision.decide !== 'store') return this.answerWithoutStoring(streamName, decision);
    if (events.length === 0) {
      return { result: 'success', revision: BigInt(this.current(streamName)), position: undefined };
    }
    const wasSoftDeleted = this.isSoftDeleted(streamName);
    const original = isMetastream(streamName) ? originalStreamOf(streamName) : undefined;
    const restored = original !== undefined && this.isSoftDeleted(original) ? original : undefined;
    const firstRevision = this.current(streamName) + 1;
    const stored = this.store(streamName, events);
    const revision = BigInt(this.current(streamName));
    const undelete = wasSoftDeleted
      ? this.makeReadableFrom(streamName, firstRevision)
      : restored && this.makeReadableFrom(restored, this.current(restored) + 1);
    if (undelete) await Promise.all([stored.durable, undelete.durable]);
    return this.whenDurable(stored, revision);
  }

  /** Hides the stream's events; it can be created again, and then its revisions go on. */
  async softDelete(streamName: string, expected: ExpectedRevision): Promise<WriteOutcome> {
    const decision = this.decide(streamName, expected, [newId()], []);
    if (decision.decide !== 'store') return this.answerWithoutStoring(streamName, decision);
    const revision = BigInt(this.current(streamName));
    return this.whenDurable(
      this.storeMetadata(streamName, softDeleted(this.rawMetadata(streamName))),
      revision,
    );
  }

  /** Ends the stream for good. */
  async tombstone(streamName: string, expected: ExpectedRevision): Promise<WriteOutcome> {
    const id = newId();
    const decision = this.decide(streamName, expected, [id], []);
    if (decision.decide !== 'store') return this.answerWithoutStoring(streamName, decision);
    const event = { id, type: '$streamDeleted', contentType: 'application/octet-stream', ...NO_CONTENT };
    const frame = encodeEvent(streamName, TOMBSTONE_REVISION, ticksNow(), event);
    return this.whenDurable(this.log.store('tombstone', streamName, [frame]), TOMBSTONE_REVISION);
  }

  private decide(
    streamName: string,
    expected: ExpectedRevision,
    ids: Buffer[],
    storedIds: (Buffer | undefined)[],
  ): Decision {
    if (hasTombstone(this.log, streamName, UNDER_WAY)) return { decide: 'stream_deleted' };
    const current = this.current(streamName);
    if (expected === 'stream_exists') {
      if (this.isSoftDeleted(streamName)) return { decide: 'stream_deleted' };
      if (current < 0 && this.current(metastreamOf(streamName)) < 0)
        return { decide: 'wrong_expected_version' };
    }
    if (expected === 'any' || expected === 'stream_exists') return this.decideByRecentIds(streamName, ids);

    const expectedRevision = expected === 'no_stream' ? -1n : expected;
    if (expectedRevision > current) return { decide: 'wrong_expected_version' };
    if (expectedRevision === BigInt(current)) return { decide: 'store' };

    const first = Number(expectedRevision) + 1;
    const firstOther = ids.findIndex(
      (id, at) => !storedIds[at]?.equals(id) && !this.wasRecentlyStored(id, streamName, first + at),
    );
    if (firstOther === -1 && ids.length > 0) {
      return { decide: 'already_stored', revision: Number(expectedRevision) + ids.length };
    }
    const recreates = firstOther === 0 && expected === 'no_stream' && this.isSoftDeleted(streamName);
    return { decide: recreates ? 'store' : 'wrong_expected_version' };
  }

  private decideByRecentIds(streamName: string, ids: Buffer[]): Decision {
    let revision = -1;
    for (const [at, id] of ids.entries()) {
      const recent = this.recentIds.get(id.toString('latin1'));
      if (recent?.stream.name !== streamName)
        return { decide: at === 0 ? 'store' : 'wrong_expected_version' };
      revision = recent.revision;
    }
    return ids.length === 0 ? { decide: 'store' } : { decide: 'already_stored', revision };
  }

  /** The ids of the `count` events behind the expected revision that are on the disk, when the stream is past it. */
  private async idsStoredBehind(
    streamName: string,
    expected: ExpectedRevision,
    count: number,
  ): Promise<(Buffer | undefined)[]> {
    const stream = this.log.index.stream(streamName);
    if (!stream || expected === 'any' || expected === 'stream_exists') return [];
    const after = expected === 'no_stream' ? -1n : expected;
    if (after >= stream.ordinals.length - 1) return [];
    const ordinals = stream.ordinals.slice(Number(after) + 1, Number(after) + 1 + count);
    // Those that aren't on the disk yet are among the recent ids.
    const frames = await this.log.readFrames(ordinals.filter((ordinal) => ordinal < this.log.visible));
    return frames.map(frameId);
  }

  private wasRecentlyStored(id: Buffer, streamName: string, revision: number): boolean {
    const recent = this.recentIds.get(id.toString('latin1'));
    return recent?.stream.name === streamName && recent.revision === revision;
  }

  private async answerWithoutStoring(
    streamName: string,
    decision: Exclude<Decision, { decide: 'store' }>,
  ): Promise<WriteOutcome> {
    switch (decision.decide) {
      case 'already_stored': {
        await this.log.allDurable();
        const ordinal = this.log.index.stream(streamName)!.ordinals[decision.revision]!;
        const position = this.log.index.positionOf(ordinal);
        return { result: 'success', revision: BigInt(decision.revision), position };
      }
      case 'wrong_expected_version':
        return { result: 'wrong_expected_version', current: BigInt(this.current(streamName)) };
      case 'stream_deleted':
        return { result: 'stream_deleted' };
    }
  }

  private async whenDurable({ last, durable }: StoredEvents, revision: bigint): Promise<WriteOutcome> {
    await durable;
    return { result: 'success', revision, position: this.log.index.positionOf(last) };
  }

  private store(streamName: string, events: ProposedEvent[]): StoredEvents {
    const created = ticksNow();
    const first = this.current(streamName) + 1;
    const frames = events.map((event, at) => encodeEvent(streamName, BigInt(first + at), created, event));
    const stored = this.log.store('events', streamName, frames);
    const stream = this.log.index.stream(streamName)!;
    for (const [at, { id }] of events.entries()) this.remember(id, stream, first + at);
    return stored;
  }

  private remember(id: Buffer, stream: Stream, revision: number): void {
    const key = id.toString('latin1');
    this.recentIds.delete(key);
    this.recentIds.set(key, { stream, revision });
    if (this.recentIds.size > REMEMBERED_IDS) this.recentIds.delete(this.recentIds.keys().next().value!);
  }

  private makeReadableFrom(streamName: string, revision: number): StoredEvents {
    return this.storeMetadata(streamName, withTruncateBefore(this.rawMetadata(streamName), BigInt(revision)));
  }

  private storeMetadata(streamName: string, data: Uint8Array): StoredEvents {
    const event = {
      id: newId(),
      type: '$metadata',
      contentType: 'application/json',
      data,
      metadata: new Uint8Array(),
    };
    return this.store(metastreamOf(streamName), [event]);
  }

  private rawMetadata(streamName: string): Uint8Array | undefined {
    return this.log.index.stream(metastreamOf(streamName))?.metadata?.at(-1)?.data;
  }

  private isSoftDeleted(streamName: string): boolean {
    return isSoftDeleted(metadataOf(this.log, streamName, UNDER_WAY));
  }

  private current(streamName: string): number {
    return (this.log.index.stream(streamName)?.ordinals.length ?? 0) - 1;
  }
}

const NO_CONTENT = { data: new Uint8Array(), metadata: new Uint8Array() };

function newId(): Buffer {
  return parseUuid(randomUUID())!;
}

function ticksNow(): bigint {
  return BigInt(Date.now()) * 10_000n;
}
