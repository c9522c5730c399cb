import { describe, expect, it } from '@jest/globals';
import kafkajs, { type Admin } from 'kafkajs';
import { ensureTopics, wantedTopics } from './topics.js';

const { KafkaJSProtocolError } = kafkajs;

const settings = {
  prefix: 'any',
  partitions: 3,
  replicationFactor: 1,
  minInsyncReplicas: 1,
  eventsRetentionMs: 1,
  maxCompactionLagMs: 1,
};

/** A broker that has just been asked for its first topics, and answers so before it knows them itself. */
class SlowBroker {
  asked = 0;
  made: string[] = [];

  constructor(private readonly answers: ('unknown' | 'unled' | 'without partitions')[]) {}

  readonly admin = {
    listTopics: async () => this.made,
    createTopics: async ({ topics, waitForLeaders }: Parameters<Admin['createTopics']>[0]) => {
      expect(waitForLeaders).toBe(false);
      this.made = topics.map(({ topic }) => topic);
      return true;
    },
    fetchTopicMetadata: async () => {
      const answer = this.answers[this.asked++];
      if (answer === 'unknown') throw protocolError('UNKNOWN_TOPIC_OR_PARTITION', 3);
      if (answer === 'unled') throw protocolError('LEADER_NOT_AVAILABLE', 5);
      const topics = wantedTopics(settings).map(({ topic: name, numPartitions }) => ({
        name,
        partitions: Array.from({ length: answer ? 0 : numPartitions }, () => ({})),
      }));
      return { topics };
    },
  } as unknown as Admin;
}

function protocolError(type: string, code: number): Error {
  return new KafkaJSProtocolError({ type, code, retriable: true, message: type } as never);
}

describe('topics that were just created', () => {
  it.each([[[]], [['unknown', 'unled']], [['without partitions']]] as const)(
    'are asked for until the broker knows them and who leads them: %j',
    async (answers) => {
      const broker = new SlowBroker([...answers]);
      await ensureTopics(broker.admin, settings);
      expect(broker.asked).toBe(answers.length + 1);
    },
  );
});
