import type { SubscriberStatus } from '../../subscriptions/subscriber-status.js';

/** What a process plays beside serving HTTP: work that goes on by itself from its start to its stop. */
export interface RunningRole {
  start(): void;
  /** Resolves once what is in hand is done, or has taken too long to wait for. */
  stop(): Promise<void>;
  /** What each of its subscribers says of itself, by name. */
  status(): ReadonlyMap<string, SubscriberStatus>;
}
