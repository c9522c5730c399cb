/** What a subscriber gets, in order: an event, or word that everything up to an event was looked at. Both by ordinal. */
export type PageItem = { event: number } | { checkpoint: number };

/** Where a subscription stands in what it is subscribed to. */
export interface SubscriptionSource {
  /** How many visible events it has yet to look at. */
  behind(): number;
  /** Looks at the next of them, and moves on; may find nothing to send. */
  next(): PageItem[];
  /** The last event looked at, where it is a filtered subscription that should get a checkpoint there. */
  openCheckpoint(): number | undefined;
  /** Whether a reader may still have the event, now that it was fetched. */
  mayRead(frame: Buffer): boolean;
}
