import type { EventToAppend, StoredEvent } from './event-store.js';
import { openedEvents } from './opened-events.js';
import { isSameMac, requestMac } from './personal-data/append-keys.js';
import type { DataKeys } from './personal-data/data-keys.js';
import { sealedAppend } from './sealed-append.js';
import type { EventCodec, NewAppend, RecordedEvent } from './stored-form.js';
import { metadataOf } from './stored-metadata.js';
import { UPCASTERS, type Upcasters } from './upcasting.js';

/** Personal data is encrypted, each person's with a key of theirs; on the way back: decrypt, upcast, domain event. */
export class EncryptedCodec implements EventCodec {
  constructor(
    private readonly keys: DataKeys,
    private readonly upcasters: Upcasters = UPCASTERS,
  ) {}

  toStoredForm(append: NewAppend, newEventId: () => string): Promise<EventToAppend[]> {
    return sealedAppend(append, newEventId, this.keys, this.upcasters);
  }

  fromStoredForm(
    stored: readonly StoredEvent[],
    behind: readonly StoredEvent[] = [],
  ): Promise<RecordedEvent[]> {
    return openedEvents(stored, behind, this.keys, this.upcasters);
  }

  async isSameRequest(append: readonly StoredEvent[], request: string): Promise<boolean | undefined> {
    const metadata = append.map(metadataOf);
    const { request: mac, commandId } = metadata[0]!;
    if (mac === undefined) return undefined;
    const about = metadata.flatMap(({ keyIds }) => keyIds);
    const expected = requestMac(request, { about, commandId }, await this.keys.find(about));
    return expected === undefined ? undefined : isSameMac(mac, expected);
  }
}
