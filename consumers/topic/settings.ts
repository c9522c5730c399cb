import { z } from 'zod';

/** The environment's variables; the defaults fit `npm start`. */
const environmentSchema = z.object({
  /** host:port, or several, parted by commas. */
  KAFKA_BROKERS: z
    .string()
    .default('127.0.0.1:9092')
    .transform((brokers) => brokers.split(',')),
  MONGODB_URL: z.string().default('mongodb://127.0.0.1:27017/?replicaSet=embedded'),
  /** What the topics' names begin with: the service's own TOPIC_PREFIX. */
  TOPIC_PREFIX: z.string().default('client-contacts'),
  /** What the consumer group and the database are called, where it is not the program's name. */
  CONSUMER_NAME: z.string().optional(),
  /**
   * After how long the group gives the partitions of a member that died to the others, in milliseconds: three
   * heartbeats to the group, and well within the silence after which the portal refuses.
   */
  SESSION_TIMEOUT_MS: z.coerce.number().int().min(6_000).default(10_000),
});

export interface ConsumerSettings {
  readonly brokers: string[];
  readonly mongodbUrl: string;
  readonly topicPrefix: string;
  /** Of the consumer group and of the database. */
  readonly name: string;
  readonly sessionTimeoutMs: number;
}

/** The settings of a program of this name. An empty variable is none. Raises Error that names each wrong variable. */
export function readSettings(program: string, environment: NodeJS.ProcessEnv): ConsumerSettings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { data, error } = environmentSchema.safeParse(given);
  if (error) {
    throw new Error(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  }
  const { KAFKA_BROKERS, MONGODB_URL, TOPIC_PREFIX, CONSUMER_NAME, SESSION_TIMEOUT_MS } = data;
  return {
    brokers: KAFKA_BROKERS,
    mongodbUrl: MONGODB_URL,
    topicPrefix: TOPIC_PREFIX,
    name: CONSUMER_NAME ?? program,
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
  };
}
