import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigResourceTypes, ConfigSource, Kafka, logLevel } from 'kafkajs';
import { applyTopicPlan, planTopics } from './topic-plan.js';
import {
  billingRoutesTopic,
  contractTopics,
  ensureTopics,
  eventsTopic,
  portalAccessTopic,
  positionsTopic,
  type TopicSettings,
} from './topics.js';

const HOUR_MS = 3_600_000;

describe('the plan of the topics', () => {
  const kafka = new Kafka({ brokers: process.env['KAFKA_BROKERS']!.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  let settings: TopicSettings;
  let all: string[];

  beforeAll(() => admin.connect());
  beforeEach(() => {
    settings = {
      prefix: `plan-${randomUUID().slice(0, 8)}`,
      partitions: 3,
      replicationFactor: 1,
      minInsyncReplicas: 1,
      eventsRetentionMs: HOUR_MS,
      maxCompactionLagMs: HOUR_MS,
    };
    all = [...contractTopics(settings), positionsTopic(settings)];
  });
  afterEach(async () => {
    // One that is not there is waited for, for ten seconds.
    const there = (await admin.listTopics()).filter((topic) => all.includes(topic));
    await admin.deleteTopics({ topics: there });
  });
  afterAll(() => admin.disconnect());

  const produce = async (topic: string) => {
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic, messages: [{ key: 'ws/one', value: 'said' }] });
    await producer.disconnect();
  };
  const overridesOf = async (topic: string) => {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
    });
    const own = resources[0]!.configEntries.filter(
      ({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG,
    );
    return Object.fromEntries(own.map(({ configName, configValue }) => [configName, configValue]));
  };

  it('names what is missing and changes nothing; applied, nothing differs and the publisher has its topics', async () => {
    const plan = await planTopics(admin, settings);
    expect(plan).toEqual(
      [eventsTopic, billingRoutesTopic, portalAccessTopic, positionsTopic].map((topic) => ({
        topic: topic(settings),
        property: 'existence',
        actual: 'missing',
        wanted: 'there',
      })),
    );
    expect((await admin.listTopics()).filter((topic) => all.includes(topic))).toEqual([]);
    expect(await applyTopicPlan(admin, settings)).toEqual([]);
    expect(await planTopics(admin, settings)).toEqual([]);
    await ensureTopics(admin, settings);
  });

  it('finds each setting that differs and sets it, and keeps what the topic sets beside ours', async () => {
    const topic = eventsTopic(settings);
    await applyTopicPlan(admin, settings);
    await admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: ConfigResourceTypes.TOPIC,
          name: topic,
          configEntries: [
            { name: 'retention.ms', value: '1000' },
            { name: 'cleanup.policy', value: 'compact' },
            { name: 'segment.bytes', value: '2097152' },
          ],
        },
      ],
    });
    expect(await planTopics(admin, settings)).toEqual([
      { topic, property: 'cleanup.policy', actual: 'compact', wanted: 'delete' },
      { topic, property: 'retention.ms', actual: '1000', wanted: String(HOUR_MS) },
    ]);
    await produce(topic);
    expect(await applyTopicPlan(admin, settings)).toEqual([]);
    expect(await overridesOf(topic)).toEqual({
      'cleanup.policy': 'delete',
      'retention.ms': String(HOUR_MS),
      'segment.bytes': '2097152',
      'min.insync.replicas': '1',
    });
  });

  it('finds another compaction lag of the topics that hold states', async () => {
    await applyTopicPlan(admin, settings);
    const shorter = { ...settings, maxCompactionLagMs: 60_000 };
    const plan = await planTopics(admin, shorter);
    expect(plan.map(({ topic, property }) => [topic, property])).toEqual(
      [billingRoutesTopic, portalAccessTopic, positionsTopic].map((topic) => [
        topic(settings),
        'max.compaction.lag.ms',
      ]),
    );
    expect(await applyTopicPlan(admin, shorter)).toEqual([]);
  });

  it('raises the number of partitions of a topic that never had a record', async () => {
    await applyTopicPlan(admin, settings);
    const more = { ...settings, partitions: 4 };
    expect(await applyTopicPlan(admin, more)).toEqual([]);
    await ensureTopics(admin, more);
  });

  it('leaves the partitions of a topic that has records, and says why', async () => {
    await applyTopicPlan(admin, settings);
    await produce(eventsTopic(settings));
    const left = await applyTopicPlan(admin, { ...settings, partitions: 4 });
    expect(left).toMatchObject([
      { topic: eventsTopic(settings), property: 'partitions', actual: '3', wanted: '4' },
    ]);
    expect(left[0]!.refusal).toContain('has had records');
  });

  it('takes no partition away', async () => {
    await applyTopicPlan(admin, settings);
    const left = await applyTopicPlan(admin, { ...settings, partitions: 2 });
    expect(left.map(({ property, actual, refusal }) => [property, actual, typeof refusal])).toEqual(
      contractTopics(settings).map(() => ['partitions', '3', 'string']),
    );
  });

  it('makes a missing topic anew only while the others are empty', async () => {
    const topic = positionsTopic(settings);
    await applyTopicPlan(admin, settings);
    await admin.deleteTopics({ topics: [topic] });
    await produce(eventsTopic(settings));
    const left = await applyTopicPlan(admin, settings);
    expect(left).toMatchObject([{ topic, property: 'existence', actual: 'missing' }]);
    expect(left[0]!.refusal).toContain('republish');
    expect(await admin.listTopics()).not.toContain(topic);
  });

  it('leaves the number of replicas to a person', async () => {
    await applyTopicPlan(admin, settings);
    const left = await applyTopicPlan(admin, { ...settings, replicationFactor: 3 });
    expect(left).toHaveLength(4);
    for (const difference of left) {
      expect(difference).toMatchObject({ property: 'replication factor', actual: '1', wanted: '3' });
      expect(difference.refusal).toContain('kafka-reassign-partitions');
    }
  });
});
