import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import { EMPTY_BOOK } from '../../src/event-log/contact-book-log.js';
import { streamNameOf } from '../../src/event-log/contact-book-stream.js';
import type { RecordedEvent } from '../../src/event-log/stored-form.js';
import { recordsOf } from '../../src/publishing/records.js';
import {
  billingRoutesTopic,
  eventsTopic,
  portalAccessTopic,
  type TopicSettings,
} from '../../src/publishing/topics.js';
import { byAppend } from '../fixtures/random-histories.js';
import { codec } from '../fixtures/recorded-events.js';
import { type Death, type Fate, meetFates } from '../fixtures/fates.js';
import { type ReadRecord, readTopic } from '../fixtures/read-topic.js';
import type { OwnGround } from '../subscriptions/own-ground.js';
import { Writers } from '../subscriptions/writers.js';
import type { DeadlyPoint, Manner } from './deadly-kafka.js';
import { PublisherProcess, type PublisherSettings } from './publisher-process.js';

const CLIENTS = 20;
/** In which a publisher that nothing else ends is killed. */
const PATIENCE_MS = 15_000;
const CATCH_UP_MS = 30_000;
const MAX_DIFFERENCES = 3;

/** Publishers that live and die on one log, with writers at work. */
export class PublicationCampaign {
  readonly writers: Writers;
  /** The points at which publishers have died. */
  readonly met: DeadlyPoint[] = [];
  private readonly causes = new Set<string>();

  constructor(
    private readonly ground: OwnGround,
    private readonly kafka: Kafka,
    private readonly settings: Pick<PublisherSettings, 'kafkaAddress' | 'topics'> & { manner: Manner },
  ) {
    this.writers = new Writers(ground.eventStore, { clients: CLIENTS, pauseMs: 15 });
  }

  publisher(own: { death?: Death<DeadlyPoint>; lease?: string } = {}): PublisherProcess {
    const { reach, database } = this.ground;
    const publisher = new PublisherProcess({
      ...this.settings,
      ...reach,
      database: database.databaseName,
      ttlMs: 1000,
      lease: 'publisher',
      ...own,
    });
    void publisher.ended.finally(() => publisher.causes.forEach((cause) => this.causes.add(cause)));
    return publisher;
  }

  /** Lets publishers, two at a time, meet their fates. */
  async kill(fates: readonly Fate<DeadlyPoint>[]): Promise<void> {
    this.met.push(...(await meetFates(fates, (own) => this.publisher(own), PATIENCE_MS)));
  }

  /**
   * Ends the writing, lets one publisher, by default one more, catch up, and reads every topic back. Each client's records of each
   * topic must be those that a fold of its stream gives: the same ids and values, each once, in order.
   */
  async conclude(last = this.publisher(), patienceMs = CATCH_UP_MS): Promise<string[]> {
    await this.writers.stop();
    const wanted = await this.wantedRecords();
    const until = performance.now() + patienceMs;
    let differences: string[];
    do {
      await sleep(300);
      differences = await this.differences(wanted);
    } while (differences.length > 0 && !this.isDoubled(differences) && performance.now() < until);
    await last.end('SIGTERM');
    return [...differences, ...[...this.causes].filter((cause) => cause === 'MissingPositions')];
  }

  /** What is there twice, or in another order, waits for nobody. */
  private isDoubled(differences: readonly string[]): boolean {
    return differences.some((difference) => !difference.endsWith('not all there'));
  }

  private async differences(wanted: ReadonlyMap<string, readonly string[]>): Promise<string[]> {
    const actual = new Map<string, string[]>();
    for (const topic of topicsOf(this.settings.topics)) {
      for (const record of await readTopic(this.kafka, topic)) {
        // What is said of a partition is about no client.
        if (!record.key.includes('/')) continue;
        const key = `${topic} ${record.key}`;
        actual.set(key, [...(actual.get(key) ?? []), toldBy(record)]);
      }
    }
    const differences: string[] = [];
    for (const key of new Set([...wanted.keys(), ...actual.keys()])) {
      const [want, have] = [wanted.get(key) ?? [], actual.get(key) ?? []];
      const isBeginning = have.length <= want.length && have.every((told, index) => told === want[index]);
      if (!isBeginning) differences.push(`${key}: ${howItDiffers(want, have)}`);
      else if (have.length < want.length) differences.push(`${key}: not all there`);
      if (differences.length === MAX_DIFFERENCES) break;
    }
    return differences;
  }

  private async wantedRecords(): Promise<Map<string, string[]>> {
    const { topics } = this.settings;
    const wanted = new Map<string, string[]>();
    for (let client = 0; client < CLIENTS; client++) {
      let book = EMPTY_BOOK.book;
      for (const append of byAppend(await this.historyOf(`c${client}`))) {
        const { after, events, billingRoutes, portalAccess } = recordsOf(append, book, topics.partitions);
        book = after;
        const told = [events, billingRoutes, portalAccess];
        topicsOf(topics).forEach((topic, index) => {
          for (const { key, value, headers, partition } of told[index]!) {
            const at = `${topic} ${String(key)}`;
            const record = {
              value: String(value),
              headers: headers as Record<string, string>,
              partition: partition!,
            };
            wanted.set(at, [...(wanted.get(at) ?? []), toldBy(record)]);
          }
        });
      }
    }
    return wanted;
  }

  private async historyOf(clientId: string): Promise<RecordedEvent[]> {
    const stream = streamNameOf({ workspaceId: 'ws', clientId });
    const stored = [];
    for await (const event of this.ground.eventStore.read(stream, 0)) stored.push(event);
    return codec.fromStoredForm(stored);
  }
}

function topicsOf(topics: TopicSettings): string[] {
  return [eventsTopic(topics), billingRoutesTopic(topics), portalAccessTopic(topics)];
}

function toldBy({ value, headers, partition }: Pick<ReadRecord, 'value' | 'headers' | 'partition'>): string {
  return `${partition} ${headers['ce_id']} ${Number(headers['ce_sequence'])} ${value}`;
}

function howItDiffers(want: readonly string[], have: readonly string[]): string {
  if (new Set(have).size < have.length) return 'something is there twice';
  return have.some((told) => !want.includes(told)) ? 'something was never said' : 'out of order or missing';
}
