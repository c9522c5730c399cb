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

/** Topics of the publication are missing beside others that are there: made anew, they would lack what was said. */
export class MissingTopics extends Error {
  override readonly name = 'MissingTopics';
}

/** A transaction that is not this publication's holds a topic's readers back, and did not end in time. */
export class UnfinishedTransaction extends Error {
  override readonly name = 'UnfinishedTransaction';
}

/** A record is larger than Kafka takes. Nothing of its batch was published. */
export class RecordTooLarge extends Error {
  override readonly name = 'RecordTooLarge';

  constructor(
    readonly recordKey: string,
    readonly revision: number,
    bytes: number,
  ) {
    super(`the record of ${recordKey} at revision ${revision} has ${bytes} bytes`);
  }
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
