import { z } from 'zod';
import { type StoredEvent } from './event-store.js';
import { UnknownEvent } from './stored-form.js';

/** What stands beside each stored event. Who did it and why are told of the whole append. */
const metadataSchema = z.object({
  $correlationId: z.string(),
  $causationId: z.string(),
  commandId: z.string(),
  actor: z.object({
    kind: z.enum(['user', 'service']),
    id: z.string(),
    role: z.string().exactOptional(),
  }),
  traceparent: z.string().exactOptional(),
  /** The event's index in its append, and how many events the append has. */
  index: z.int().min(0),
  count: z.int().min(1),
  /** The keys of all whom the event is about; for `ContactErased` the keys that went with them. */
  keyIds: z.array(z.string()),
  /** On the append's first event alone: why, sealed, and the code of the request. */
  reason: z.string().exactOptional(),
  request: z.string().exactOptional(),
  schemaVersion: z.int().min(1),
  /** Whether a build that doesn't know the event may pass it over. */
  ignorable: z.boolean().exactOptional(),
});

export type StoredMetadata = z.infer<typeof metadataSchema>;

/** Raises UnknownEvent for what this build could only guess at. */
export function metadataOf(stored: StoredEvent): StoredMetadata {
  const parsed = metadataSchema.safeParse(stored.metadata);
  if (!parsed.success) throw new UnknownEvent(stored);
  return parsed.data;
}

/** Whether a stored event ends its append; one whose form this build doesn't know counts as an append of its own. */
export function endsAppend({ metadata: { index, count } }: StoredEvent): boolean {
  return typeof index !== 'number' || typeof count !== 'number' || index >= count - 1;
}

/** Whether a stored event begins its append; one whose form this build doesn't know counts as an append of its own. */
export function beginsAppend({ metadata: { index, count } }: StoredEvent): boolean {
  return typeof index !== 'number' || typeof count !== 'number' || index <= 0;
}
