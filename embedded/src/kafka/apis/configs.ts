import type { Broker } from '../broker.js';
import { defineApi } from '../protocol/api.js';
import { ErrorCode, KafkaError, errorCodeOf } from '../protocol/error-codes.js';
import { TopicConfig, type ConfigEntry } from '../topic-config.js';
import { readOverrides, type OverrideEntry } from './config-overrides.js';

const TOPIC = 2;

/** Where a value comes from, in the wire protocol's numbers. */
const Source = { TOPIC: 1, DEFAULT: 5 } as const;

interface Resource {
  type: number;
  name: string;
}

interface ResourceOutcome extends Resource {
  errorCode: number;
  message: string | null;
}

interface DescribeRequest {
  resources: (Resource & { settings: string[] | null })[];
  includeSynonyms: boolean;
}

interface DescribeResponse {
  resources: (ResourceOutcome & { entries: ConfigEntry[] })[];
  includeSynonyms: boolean;
}

/** The configuration of topics. Brokers' isn't served: this one has none to speak of. */
export const describeConfigs = defineApi<DescribeRequest, DescribeResponse>({
  key: 32,
  name: 'DescribeConfigs',
  versions: [0, 2],
  decode(reader, version) {
    const resources = reader.array((r) => ({
      type: r.int8(),
      name: r.string(),
      settings: r.nullableArray((s) => s.string()),
    }));
    return { resources, includeSynonyms: version >= 1 && reader.boolean() };
  },
  handle(broker, { resources, includeSynonyms }) {
    const described = resources.map(({ type, name, settings }) => {
      try {
        assertIsTopic(type);
        const entries = broker.topics.get(name).config.entries();
        const wanted = settings?.length ? entries.filter((entry) => settings.includes(entry.name)) : entries;
        return { type, name, errorCode: ErrorCode.NONE, message: null, entries: wanted };
      } catch (error) {
        return { ...failure({ type, name }, error), entries: [] };
      }
    });
    return Promise.resolve({ resources: described, includeSynonyms });
  },
  encode(writer, { resources, includeSynonyms }, version) {
    writer.int32(0);
    writer.array(resources, ({ errorCode, message, type, name, entries }) => {
      writer.int16(errorCode).nullableString(message).int8(type).string(name);
      writer.array(entries, (entry) => {
        const synonyms = includeSynonyms ? synonymsOf(entry) : [];
        writer.string(entry.name).nullableString(entry.value).boolean(false);
        if (version === 0) writer.boolean(!entry.isOverride);
        else writer.int8(entry.isOverride ? Source.TOPIC : Source.DEFAULT);
        writer.boolean(false);
        if (version === 0) return;
        writer.array(synonyms, ({ value, source }) =>
          writer.string(entry.name).nullableString(value).int8(source),
        );
      });
    });
  },
  refuse: ({ resources, includeSynonyms }, errorCode) => ({
    resources: resources.map(({ type, name }) => ({ type, name, errorCode, message: null, entries: [] })),
    includeSynonyms,
  }),
});

function synonymsOf({ name, value, isOverride }: ConfigEntry): { value: string; source: number }[] {
  const byDefault = { value: TopicConfig.defaultOf(name), source: Source.DEFAULT };
  return isOverride ? [{ value, source: Source.TOPIC }, byDefault] : [byDefault];
}

interface AlterRequest {
  resources: (Resource & { config: OverrideEntry[] })[];
  validateOnly: boolean;
}

/** Replaces *every* setting of a topic: what isn't named falls back to its default. */
export const alterConfigs = defineApi<AlterRequest, { resources: ResourceOutcome[] }>({
  key: 33,
  name: 'AlterConfigs',
  versions: [0, 1],
  decode(reader) {
    const resources = reader.array((r) => ({
      type: r.int8(),
      name: r.string(),
      config: r.array((c) => ({ name: c.string(), value: c.nullableString() })),
    }));
    return { resources, validateOnly: reader.boolean() };
  },
  async handle(broker, { resources, validateOnly }) {
    return {
      resources: await Promise.all(
        resources.map(async ({ type, name, config }) => {
          try {
            await alter(broker, { type, name }, config, validateOnly);
            return { type, name, errorCode: ErrorCode.NONE, message: null };
          } catch (error) {
            return failure({ type, name }, error);
          }
        }),
      ),
    };
  },
  encode(writer, { resources }) {
    writer.int32(0);
    writer.array(resources, ({ errorCode, message, type, name }) =>
      writer.int16(errorCode).nullableString(message).int8(type).string(name),
    );
  },
  refuse: ({ resources }, errorCode) => ({
    resources: resources.map(({ type, name }) => ({ type, name, errorCode, message: null })),
  }),
});

async function alter(
  broker: Broker,
  { type, name }: Resource,
  config: OverrideEntry[],
  validateOnly: boolean,
): Promise<void> {
  assertIsTopic(type);
  await broker.topics.configure(name, readOverrides(config), validateOnly);
}

function assertIsTopic(type: number): void {
  if (type !== TOPIC) throw new KafkaError('INVALID_REQUEST', 'only topics have a configuration here');
}

function failure(resource: Resource, error: unknown): ResourceOutcome {
  const message = error instanceof KafkaError ? error.message : null;
  return { ...resource, errorCode: errorCodeOf(error), message };
}
