import { isAddressOf, type KnownPast, NO_PAST, pastAfter } from '../contact-book/known-past.js';
import type { ClientRef } from './contact-book-stream.js';
import type { EventStore, Revision } from './event-store.js';
import type { KeyId } from './personal-data/data-keys.js';
import { keyOfBillingEmail } from './personal-data/key-ids.js';
import { recordedHistory } from './recorded-history.js';
import type { EventCodec } from './stored-form.js';

/** A client's past up to a revision, and which billing emails it had, each with the key of that value. */
export interface PastOfClient {
  readonly past: KnownPast;
  readonly billingEmails: readonly { readonly key: KeyId; readonly email: string }[];
}

/** Reads the stream up to and with the revision. Raises as `recordedHistory` does. */
export async function pastOfClient(
  eventStore: Pick<EventStore, 'read'>,
  codec: EventCodec,
  client: ClientRef,
  revision: Revision,
): Promise<PastOfClient> {
  let past = NO_PAST;
  const billingEmails: { key: KeyId; email: string }[] = [];
  for await (const batch of recordedHistory(eventStore, codec, client, { revision })) {
    for (const { event, eventId } of batch) {
      if (event.type === 'Ignored') continue;
      past = pastAfter(past, event);
      if (event.type !== 'BillingEmailChanged' || typeof event.data.to !== 'string') continue;
      billingEmails.push({ key: keyOfBillingEmail(client, eventId), email: event.data.to });
    }
  }
  return { past, billingEmails };
}

/** The keys of the billing emails, the present one and former ones, that are an address the contact ever had. */
export function billingEmailKeysOf(contactId: string, { past, billingEmails }: PastOfClient): KeyId[] {
  return billingEmails.flatMap(({ key, email }) => (isAddressOf(contactId, email, past) ? [key] : []));
}
