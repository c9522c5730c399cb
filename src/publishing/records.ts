import type { Message } from 'kafkajs';
import type { ContactBook } from '../contact-book/contact-book.js';
import { clientKey } from '../event-log/contact-book-stream.js';
import { bookAfter, type RecordedEvent } from '../event-log/stored-form.js';
import { cloudEvent } from './cloud-event.js';
import { integrationEvent } from './integration-event.js';
import { billingRouteState, contactsIn, isSameState, portalAccessState } from './states.js';

/** What an append says on each topic, and the client's book after it. */
export interface AppendRecords {
  readonly events: readonly Message[];
  readonly billingRoutes: readonly Message[];
  readonly portalAccess: readonly Message[];
  readonly after: ContactBook;
}

/**
 * The records of one append, for topics of so many partitions: each event; and, as of the append's end, the states
 * that differ from those in the book before it. `isFirst`: nothing of the client was published before.
 */
export function recordsOf(
  append: readonly RecordedEvent[],
  before: ContactBook,
  partitions: number,
  isFirst = append[0]!.revision === 0,
): AppendRecords {
  let after = before;
  const events = append.map((recorded) => {
    after = bookAfter(after, recorded.event);
    const { eventId, client, isLastOfAppend } = recorded;
    const envelope = { recorded, id: eventId, subject: clientKey(client), endsAppend: isLastOfAppend };
    return cloudEvent(integrationEvent(recorded, after), envelope, partitions);
  });
  return {
    events,
    billingRoutes: billingRouteRecords(append, isFirst ? undefined : before, after, partitions),
    portalAccess: portalAccessRecords(append, before, after, partitions),
    after,
  };
}

function billingRouteRecords(
  append: readonly RecordedEvent[],
  before: ContactBook | undefined,
  after: ContactBook,
  partitions: number,
): Message[] {
  const recorded = append.at(-1)!;
  const state = billingRouteState(after);
  // A client's first append says where it stands, even where that is as if nothing had been written.
  if (before && isSameState(state, billingRouteState(before))) return [];
  const data = { ...state, revision: recorded.revision };
  const id = `${recorded.eventId}/billing-route`;
  const envelope = { recorded, id, subject: clientKey(recorded.client), endsAppend: true };
  return [cloudEvent({ type: 'billing-route.v1', data }, envelope, partitions)];
}

function portalAccessRecords(
  append: readonly RecordedEvent[],
  before: ContactBook,
  after: ContactBook,
  partitions: number,
): Message[] {
  const recorded = append.at(-1)!;
  const changed = contactsIn(append.map(({ event }) => event)).filter(
    (id) => !isSameState(portalAccessState(before, id), portalAccessState(after, id)),
  );
  return changed.map((contactId, index) => {
    const data = { ...portalAccessState(after, contactId), revision: recorded.revision };
    const envelope = {
      recorded,
      id: `${recorded.eventId}/portal-access/${contactId}`,
      subject: `${clientKey(recorded.client)}/${contactId}`,
      endsAppend: index === changed.length - 1,
    };
    return cloudEvent({ type: 'portal-access.v1', data }, envelope, partitions);
  });
}
