import kafkajs, { type Admin, type ITopicMetadata } from 'kafkajs';
import { onceMade } from './once-made.js';
import { type TopicSettings, wantedTopics } from './topics.js';

// Node finds only some of kafkajs's exports by their names.
const { ConfigResourceTypes, ConfigSource } = kafkajs;

type WantedTopic = ReturnType<typeof wantedTopics>[number];

/** One thing about a topic that is not as the configuration wants it. */
export interface TopicDifference {
  readonly topic: string;
  /** `existence`, `partitions`, `replication factor`, or the name of an entry of its configuration. */
  readonly property: string;
  readonly actual: string;
  readonly wanted: string;
  /** Why it is left to a person; absent where `applyTopicPlan` makes it so. */
  readonly refusal?: string;
}

/** A topic as the cluster has it. */
interface ActualTopic {
  readonly metadata: ITopicMetadata;
  /** What the topic itself sets, as opposed to the broker's defaults. */
  readonly overrides: ReadonlyMap<string, string>;
  /** Every entry of its configuration, wherever it comes from. */
  readonly configuration: ReadonlyMap<string, string>;
  /** Whether there ever was one: gone ones count, as somebody may have read them. */
  readonly hasHadRecords: boolean;
}

/** What differs between the topics as configured and as they are. Changes nothing. Raises kafkajs's errors. */
export async function planTopics(admin: Admin, settings: TopicSettings): Promise<TopicDifference[]> {
  const wanted = wantedTopics(settings);
  const actual = await actualTopics(admin, wanted);
  return differencesOf(wanted, actual);
}

/**
 * Makes the topics as the configuration wants them, as far as nothing is lost by it, and tells what differs still,
 * and why. Never deletes, never moves a record, and keeps settings that are not ours. Raises kafkajs's errors.
 */
export async function applyTopicPlan(admin: Admin, settings: TopicSettings): Promise<TopicDifference[]> {
  const wanted = wantedTopics(settings);
  const actual = await actualTopics(admin, wanted);
  const toMend = differencesOf(wanted, actual).filter(({ refusal }) => refusal === undefined);
  const differingIn = (property: string) =>
    wanted.filter(({ topic }) => toMend.some((one) => one.topic === topic && one.property === property));
  const missing = differingIn('existence');
  if (missing.length > 0) await admin.createTopics({ topics: missing, waitForLeaders: false });
  const toGrow = differingIn('partitions');
  if (toGrow.length > 0) {
    const topicPartitions = toGrow.map(({ topic, numPartitions }) => ({ topic, count: numPartitions }));
    await admin.createPartitions({ topicPartitions });
  }
  for (const topic of wanted) {
    const isToConfigure = topic.configEntries!.some(({ name }) => differingIn(name).includes(topic));
    if (isToConfigure) await configure(admin, topic, actual.get(topic.topic)!);
  }
  return onceMade(
    () => planTopics(admin, settings),
    (left) => left.every(({ refusal }) => refusal !== undefined),
  );
}

/** The request replaces all that a topic sets: so all of it is sent. */
async function configure(admin: Admin, { topic, configEntries }: WantedTopic, actual: ActualTopic) {
  const ours = configEntries!.map(({ name, value }) => [name, value] as const);
  const entries = new Map([...actual.overrides, ...ours]);
  const configuration = [...entries].map(([name, value]) => ({ name, value }));
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries: configuration }],
  });
}

async function actualTopics(admin: Admin, wanted: readonly WantedTopic[]): Promise<Map<string, ActualTopic>> {
  const there = new Set(await admin.listTopics());
  const names = wanted.map(({ topic }) => topic).filter((topic) => there.has(topic));
  if (names.length === 0) return new Map();
  const { topics } = await admin.fetchTopicMetadata({ topics: names });
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
  });
  const actual = new Map<string, ActualTopic>();
  for (const metadata of topics) {
    const { name } = metadata;
    const { configEntries } = resources.find(({ resourceName }) => resourceName === name)!;
    const ends = await admin.fetchTopicOffsets(name);
    const values = (entries: typeof configEntries) =>
      new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
    actual.set(name, {
      metadata,
      overrides: values(
        configEntries.filter(({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG),
      ),
      configuration: values(configEntries),
      hasHadRecords: ends.some(({ high }) => Number(high) > 0),
    });
  }
  return actual;
}

function differencesOf(
  wanted: readonly WantedTopic[],
  actual: ReadonlyMap<string, ActualTopic>,
): TopicDifference[] {
  const othersHaveRecords = [...actual.values()].some(({ hasHadRecords }) => hasHadRecords);
  return wanted.flatMap((topic) => {
    const there = actual.get(topic.topic);
    return there ? differencesIn(topic, there) : [missing(topic.topic, othersHaveRecords)];
  });
}

function missing(topic: string, othersHaveRecords: boolean): TopicDifference {
  const difference = { topic, property: 'existence', actual: 'missing', wanted: 'there' };
  if (!othersHaveRecords) return difference;
  return {
    ...difference,
    refusal:
      'made anew it would lack what the others tell already: restore it, or republish to another prefix',
  };
}

function differencesIn(wanted: WantedTopic, actual: ActualTopic): TopicDifference[] {
  const { topic, numPartitions, replicationFactor = -1, configEntries = [] } = wanted;
  const differences: TopicDifference[] = [];
  const partitions = actual.metadata.partitions.length;
  if (partitions !== numPartitions) {
    const refusal = partitionsRefusal(partitions, numPartitions, actual.hasHadRecords);
    differences.push({
      topic,
      property: 'partitions',
      actual: String(partitions),
      wanted: String(numPartitions),
      ...(refusal !== undefined && { refusal }),
    });
  }
  const replicas = Math.min(...actual.metadata.partitions.map((partition) => partition.replicas.length));
  if (replicationFactor !== -1 && replicas !== replicationFactor) {
    differences.push({
      topic,
      property: 'replication factor',
      actual: String(replicas),
      wanted: String(replicationFactor),
      refusal: 'it moves data between brokers: use kafka-reassign-partitions',
    });
  }
  for (const { name, value } of configEntries) {
    const found = actual.configuration.get(name);
    if (found !== value) differences.push({ topic, property: name, actual: found ?? 'unset', wanted: value });
  }
  return differences;
}

function partitionsRefusal(actual: number, wanted: number, hasHadRecords: boolean): string | undefined {
  if (hasHadRecords) {
    return 'it has had records, and clients would change partitions, out of order: republish to another prefix';
  }
  return actual > wanted ? 'Kafka takes no partition away: delete the topic, which is empty' : undefined;
}
