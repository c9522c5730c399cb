import { HOST, NODE_ID } from '../broker.js';
import { isTopicName } from '../coordination/topics.js';
import { defineApi } from '../protocol/api.js';
import { ErrorCode } from '../protocol/error-codes.js';

interface TopicMetadata {
  errorCode: number;
  name: string;
  partitions: number;
}

interface Response {
  port: number;
  clusterId: string | null;
  topics: TopicMetadata[];
}

/** The one broker and the topics. A topic is never created by being asked for. */
export const metadata = defineApi<{ names: string[] | null }, Response>({
  key: 3,
  name: 'Metadata',
  versions: [0, 4],
  decode(reader, version) {
    const names = reader.nullableArray((r) => r.string());
    const meansAll = version === 0 && names?.length === 0;
    return { names: meansAll ? null : names };
  },
  handle(broker, { names }) {
    const wanted = names ? [...new Set(names)] : broker.topics.all().map(({ name }) => name);
    const topics = wanted.map((name): TopicMetadata => {
      const topic = broker.topics.find(name);
      return {
        name,
        errorCode: topic
          ? ErrorCode.NONE
          : isTopicName(name)
            ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
            : ErrorCode.INVALID_TOPIC_EXCEPTION,
        partitions: topic?.partitions.length ?? 0,
      };
    });
    return Promise.resolve({ port: broker.port, clusterId: broker.clusterId, topics });
  },
  encode(writer, { port, clusterId, topics }, version) {
    if (version >= 3) writer.int32(0);
    writer.array([port], () => {
      writer.int32(NODE_ID).string(HOST).int32(port);
      if (version >= 1) writer.nullableString(null);
    });
    if (version >= 2) writer.nullableString(clusterId);
    if (version >= 1) writer.int32(NODE_ID);
    writer.array(topics, ({ errorCode, name, partitions }) => {
      writer.int16(errorCode).string(name);
      if (version >= 1) writer.boolean(false);
      writer.array([...Array(partitions).keys()], (partition) => {
        writer.int16(ErrorCode.NONE).int32(partition).int32(NODE_ID);
        for (const replicas of [[NODE_ID], [NODE_ID]]) writer.array(replicas, (node) => writer.int32(node));
      });
    });
  },
  refuse: ({ names }, errorCode) => ({
    port: 0,
    clusterId: null,
    topics: (names ?? []).map((name) => ({ errorCode, name, partitions: 0 })),
  }),
});
