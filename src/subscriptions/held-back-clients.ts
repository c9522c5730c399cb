import type { StoredEvent } from '../event-log/event-store.js';
import { endsAppend } from '../event-log/stored-metadata.js';
import type { HeldBack } from './checkpoint.js';

/** So many clients can't be handled that the fault is hardly theirs: the subscriber waits until someone has looked. */
export class TooManyHeldBack extends Error {
  override readonly name = 'TooManyHeldBack';

  constructor(max: number) {
    super(`${max} clients are held back, and there is one more`);
  }
}

/** The events without those of held-back clients. */
export function withoutHeldBack(
  events: readonly StoredEvent[],
  heldBack: readonly HeldBack[],
): readonly StoredEvent[] {
  if (heldBack.length === 0) return events;
  const streams = new Set(heldBack.map(({ stream }) => stream));
  return events.filter(({ stream }) => !streams.has(stream));
}

/** The held-back clients after these events were passed over where they are theirs. */
export function afterPassing(
  heldBack: readonly HeldBack[],
  events: readonly StoredEvent[],
): readonly HeldBack[] {
  if (heldBack.length === 0) return heldBack;
  const last = new Map(events.map(({ stream, revision }) => [stream, revision]));
  return heldBack.map((held) => ({ ...held, to: Math.max(held.to, last.get(held.stream) ?? held.to) }));
}

/** The held-back clients after one of them was handled up to and with a revision: in the flow again where that was all. */
export function afterHandling(
  heldBack: readonly HeldBack[],
  stream: string,
  until: number,
): readonly HeldBack[] {
  return heldBack.flatMap((held) => {
    if (held.stream !== stream) return [held];
    return until < held.to ? [{ ...held, from: until + 1 }] : [];
  });
}

/** Whole appends, as they follow each other in the log. */
export function appendsIn(events: readonly StoredEvent[]): readonly (readonly StoredEvent[])[] {
  const appends: StoredEvent[][] = [[]];
  for (const event of events) {
    appends.at(-1)!.push(event);
    if (endsAppend(event)) appends.push([]);
  }
  return appends.filter((append) => append.length > 0);
}
