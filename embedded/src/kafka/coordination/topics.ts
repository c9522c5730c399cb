import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Partition } from '../log/partition.js';
import { KafkaError } from '../protocol/error-codes.js';
import { TopicConfig, type ConfigOverrides } from '../topic-config.js';
import type { StateLog, StateRecord, TopicRecord } from './state-log.js';
import { Turns } from './turns.js';

const MAX_PARTITIONS = 1000;

export interface Topic {
  readonly id: number;
  readonly name: string;
  config: TopicConfig;
  partitions: Partition[];
}

/** The topics and their partitions' files, which are named after the topic's number: a topic made anew has new files. */
export class Topics {
  private readonly topics = new Map<string, Topic>();
  private readonly restored = new Map<string, TopicRecord>();
  private readonly turns = new Turns();
  private nextId = 1;
  private state!: StateLog;

  constructor(
    private readonly directory: string,
    private readonly log: (line: string) => void,
    private readonly onDeleted: (name: string) => void,
  ) {}

  replay(record: StateRecord): void {
    if (record.type === 'topic') {
      this.restored.set(record.name, record);
      this.nextId = Math.max(this.nextId, record.id + 1);
    } else if (record.type === 'topic-deleted') {
      this.restored.delete(record.name);
      this.nextId = Math.max(this.nextId, record.id + 1);
    }
  }

  /** The records that say the same as all that were stored. */
  dump(): StateRecord[] {
    return this.all().map(({ id, name, partitions, config }) => ({
      type: 'topic',
      id,
      name,
      partitions: partitions.length,
      config: config.overrides,
    }));
  }

  /** Opens the partitions that the replayed records tell of, and removes files that are nobody's. */
  async start(state: StateLog): Promise<void> {
    this.state = state;
    const files = new Set(await readdir(this.directory));
    for (const record of this.restored.values()) {
      const topic: Topic = {
        id: record.id,
        name: record.name,
        config: new TopicConfig(record.config),
        partitions: [],
      };
      topic.partitions = await this.openPartitions(topic, record.partitions);
      this.topics.set(record.name, topic);
      for (let partition = 0; partition < record.partitions; partition += 1)
        files.delete(fileName(record.id, partition));
    }
    this.restored.clear();
    await Promise.all([...files].map((file) => rm(join(this.directory, file))));
  }

  all(): Topic[] {
    return [...this.topics.values()];
  }

  find(name: string): Topic | undefined {
    return this.topics.get(name);
  }

  /** Throws UNKNOWN_TOPIC_OR_PARTITION. */
  get(name: string): Topic {
    const topic = this.topics.get(name);
    if (!topic)
      throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', 'This server does not host this topic-partition.');
    return topic;
  }

  /** Throws UNKNOWN_TOPIC_OR_PARTITION. */
  partition(name: string, partition: number): Partition {
    const found = this.get(name).partitions[partition];
    if (!found)
      throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', 'This server does not host this topic-partition.');
    return found;
  }

  /** Throws INVALID_TOPIC_EXCEPTION, TOPIC_ALREADY_EXISTS, INVALID_PARTITIONS or INVALID_CONFIG. `validateOnly` stops there. */
  create(name: string, partitions: number, overrides: ConfigOverrides, validateOnly: boolean): Promise<void> {
    return this.turns.run(name, async () => {
      if (!isTopicName(name))
        throw new KafkaError('INVALID_TOPIC_EXCEPTION', `Topic name is invalid: '${name}'`);
      if (this.topics.has(name))
        throw new KafkaError('TOPIC_ALREADY_EXISTS', `Topic '${name}' already exists.`);
      assertPartitionCount(partitions);
      const config = new TopicConfig(overrides);
      if (validateOnly) return;
      const topic: Topic = { id: this.nextId, name, config, partitions: [] };
      this.nextId += 1;
      topic.partitions = await this.openPartitions(topic, partitions);
      await this.store(topic, partitions, config);
      this.topics.set(name, topic);
    });
  }

  /** Throws UNKNOWN_TOPIC_OR_PARTITION. */
  delete(name: string): Promise<void> {
    return this.turns.run(name, async () => {
      const { id, partitions } = this.get(name);
      await this.state.append({ type: 'topic-deleted', id, name });
      this.topics.delete(name);
      this.onDeleted(name);
      await Promise.all(partitions.map((partition) => partition.close()));
      await Promise.all(partitions.map((_, partition) => rm(this.path(id, partition), { force: true })));
    });
  }

  /** Raises the number of partitions. Throws UNKNOWN_TOPIC_OR_PARTITION or INVALID_PARTITIONS. */
  grow(name: string, count: number, validateOnly: boolean): Promise<void> {
    return this.turns.run(name, async () => {
      const topic = this.get(name);
      const current = topic.partitions.length;
      if (count === current)
        throw new KafkaError('INVALID_PARTITIONS', `Topic already has ${count} partition(s).`);
      if (count < current) {
        throw new KafkaError(
          'INVALID_PARTITIONS',
          `The topic ${name} currently has ${current} partition(s); ${count} would not be an increase.`,
        );
      }
      assertPartitionCount(count);
      if (validateOnly) return;
      const added = await this.openPartitions(topic, count);
      await this.store(topic, count, topic.config);
      topic.partitions = [...topic.partitions, ...added];
    });
  }

  /** Replaces every override. Throws UNKNOWN_TOPIC_OR_PARTITION or INVALID_CONFIG. */
  configure(name: string, overrides: ConfigOverrides, validateOnly: boolean): Promise<void> {
    return this.turns.run(name, async () => {
      const topic = this.get(name);
      const config = new TopicConfig(overrides);
      if (validateOnly) return;
      await this.store(topic, topic.partitions.length, config);
      topic.config = config;
    });
  }

  async close(): Promise<void> {
    await Promise.all(
      this.all().flatMap(({ partitions }) => partitions.map((partition) => partition.close())),
    );
  }

  /** Opens the partitions that a topic of `count` has more than this one. */
  private openPartitions(topic: Topic, count: number): Promise<Partition[]> {
    const first = topic.partitions.length;
    return Promise.all(
      Array.from({ length: count - first }, (_, i) =>
        Partition.open(this.path(topic.id, first + i), { config: () => topic.config, log: this.log }),
      ),
    );
  }

  private store({ id, name }: Topic, partitions: number, { overrides }: TopicConfig): Promise<void> {
    return this.state.append({ type: 'topic', id, name, partitions, config: overrides });
  }

  private path(id: number, partition: number): string {
    return join(this.directory, fileName(id, partition));
  }
}

function fileName(id: number, partition: number): string {
  return `topic-${id}-${partition}.log`;
}

export function isTopicName(name: string): boolean {
  return /^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..';
}

function assertPartitionCount(count: number): void {
  if (count < 1) throw new KafkaError('INVALID_PARTITIONS', 'Number of partitions must be larger than 0.');
  if (count > MAX_PARTITIONS) {
    throw new KafkaError(
      'INVALID_PARTITIONS',
      `This broker has at most ${MAX_PARTITIONS} partitions a topic.`,
    );
  }
}
