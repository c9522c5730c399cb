import type { Kafka, Producer, TopicMessages } from 'kafkajs';
import { endsWithin } from '../subscriptions/bounded-wait.js';
import { isFenced, PublicationFenced, PublicationTimedOut } from './publication-errors.js';
import { commit, transactionalProducer } from './transactions.js';

/** How long the goodbye to Kafka is waited for, in milliseconds. */
export const CLOSE_LIMIT_MS = 2_000;

/** The one producer of a transactional id that is in use; after any error it is let go, and never used again. */
export class CurrentProducer {
  private producer: Producer | undefined;

  constructor(
    private readonly kafka: Kafka,
    private readonly transactionalId: string,
    private readonly deadlineMs: number,
  ) {}

  /** A new one, connected; its first transaction fences the former. Raises kafkajs's errors. */
  async renew(signal: AbortSignal): Promise<Producer> {
    signal.throwIfAborted();
    // It is kept before it is connected: half a connection must be closed, too.
    const producer = (this.producer = transactionalProducer(this.kafka, this.transactionalId));
    await producer.connect();
    return producer;
  }

  /** Writes the records in one transaction. Raises as `withinDeadline` does, and RecordTooLarge. */
  async commit(records: readonly TopicMessages[]): Promise<void> {
    const { producer } = this;
    if (!producer) throw new Error('the position must be read before anything is published');
    await this.withinDeadline('publishing', (signal) => commit(producer, records, signal));
  }

  /** Resolves within two seconds, whether Kafka answers or not. */
  async close(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    if (producer) await endsWithin(CLOSE_LIMIT_MS, producer.disconnect());
  }

  /** Raises PublicationTimedOut, PublicationFenced, and what the step raises; the producer is let go then. */
  async withinDeadline<T>(step: string, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { deadlineMs } = this;
    const deadline = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const error = new PublicationTimedOut(`${step} took more than ${deadlineMs} ms`);
        deadline.abort(error);
        reject(error);
      }, deadlineMs);
    });
    const running = run(deadline.signal);
    try {
      return await Promise.race([running, expired]);
    } catch (error) {
      const { producer } = this;
      await this.close();
      // For what was still under way kafkajs may have connected once more.
      const disconnectAgain = () => producer?.disconnect();
      running.then(disconnectAgain, disconnectAgain).catch(() => {});
      throw isFenced(error) ? new PublicationFenced(this.transactionalId, error) : error;
    } finally {
      clearTimeout(timer);
    }
  }
}
