/** Kafka did not answer in time. What was under way is unknown; the position that a next producer reads tells it. */
export class PublicationTimedOut extends Error {
  override readonly name = 'PublicationTimedOut';
}

/** Another producer has taken the publication's transactional id over. */
export class PublicationFenced extends Error {
  override readonly name = 'PublicationFenced';

  constructor(transactionalId: string, cause: unknown) {
    super(`another publisher of ${transactionalId} runs and has taken over from this one`, { cause });
  }
}

/** The events topic has had records, but no position is there: going on from the log's start would double them. */
export class MissingPositions extends Error {
  override readonly name = 'MissingPositions';
}

/** Kafka's answer to a producer whose transactional id a later one has taken over. */
const FENCED = 'INVALID_PRODUCER_EPOCH';

/** Whether Kafka said so of the producer; kafkajs puts its errors into one another. */
export function isFenced(error: unknown): boolean {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if ('type' in inner && inner.type === FENCED) return true;
  }
  return false;
}
