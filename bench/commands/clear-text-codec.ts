import type { ContactBookEvent } from '../../src/contact-book/events.js';
import { clientOfStream } from '../../src/event-log/contact-book-stream.js';
import type { EventToAppend, StoredEvent } from '../../src/event-log/event-store.js';
import type { EventCodec, NewAppend } from '../../src/event-log/stored-form.js';
import type { StoredMetadata } from '../../src/event-log/stored-metadata.js';

/** The stored form as it would be without encryption: what the service does is measured against it, and nothing else. */
export const clearTextCodec: EventCodec = {
  async toStoredForm(append: NewAppend, newEventId) {
    const { events, actor, correlationId, causationId, commandId, request } = append;
    return events.map(({ type, data }, index) => {
      const metadata: StoredMetadata = {
        $correlationId: correlationId,
        $causationId: causationId,
        commandId,
        actor,
        index,
        count: events.length,
        keyIds: [],
        ...(index === 0 && { request }),
        schemaVersion: 1,
      };
      return { id: newEventId(), type, data, metadata };
    });
  },

  async fromStoredForm(stored) {
    return stored.map(({ stream, id, type, data, revision, position, recordedAt, ...event }) => {
      const metadata = event.metadata as StoredMetadata;
      return {
        client: clientOfStream(stream),
        stream,
        eventId: id,
        revision,
        position,
        recordedAt,
        actor: metadata.actor,
        correlationId: metadata.$correlationId,
        causationId: metadata.$causationId,
        commandId: metadata.commandId,
        index: metadata.index,
        isLastOfAppend: metadata.index === metadata.count - 1,
        event: { type, data } as ContactBookEvent,
      };
    });
  },

  async isSameRequest([first]: readonly StoredEvent[], request) {
    return first!.metadata['request'] === request;
  },
};

/** Clear text that takes as many bytes as it does encrypted, so that the bytes' own price can be told from the work's. */
export function clearTextOfSize(bytesOfEvent: number): EventCodec {
  return {
    ...clearTextCodec,
    async toStoredForm(append, newEventId) {
      const events = await clearTextCodec.toStoredForm(append, newEventId);
      return events.map((event) => {
        const data = { ...event.data, filler: '' };
        const missing = bytesOfEvent - bytesOf({ ...event, data });
        return { ...event, data: { ...data, filler: '.'.repeat(Math.max(missing, 0)) } };
      });
    },
  };
}

/** What the event store gets of an event, but for its id and type. */
export function bytesOf({ data, metadata }: EventToAppend): number {
  return Buffer.byteLength(JSON.stringify(data)) + Buffer.byteLength(JSON.stringify(metadata));
}
