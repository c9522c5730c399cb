import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigResourceTypes, ConfigSource, type Admin } from 'kafkajs';
import { createTopic, eventually, kafka, unique } from './client.js';

describe('configs', () => {
  let admin: Admin;

  beforeAll(async () => {
    admin = kafka.admin();
    await admin.connect();
  });
  afterAll(() => admin.disconnect());

  async function describeTopic(name: string, configNames?: string[], includeSynonyms = false) {
    const resource = { type: ConfigResourceTypes.TOPIC, name, ...(configNames && { configNames }) };
    const { resources } = await admin.describeConfigs({ resources: [resource], includeSynonyms });
    return resources[0]!.configEntries;
  }

  async function overridesOf(topic: string): Promise<Record<string, string>> {
    const entries = await describeTopic(topic);
    const overrides = entries.filter(({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG);
    return Object.fromEntries(overrides.map(({ configName, configValue }) => [configName, configValue]));
  }

  const alter = (name: string, config: Record<string, string>, validateOnly = false) =>
    admin.alterConfigs({
      validateOnly,
      resources: [
        {
          type: ConfigResourceTypes.TOPIC,
          name,
          configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
        },
      ],
    });

  it('are those that the topic was created with; for the rest, defaults', async () => {
    const topic = await createTopic({ config: { 'retention.ms': '123456', 'cleanup.policy': 'compact' } });
    expect(await overridesOf(topic)).toEqual({ 'retention.ms': '123456', 'cleanup.policy': 'compact' });
    const entries = await describeTopic(topic);
    const value = (name: string) => entries.find(({ configName }) => configName === name)?.configValue;
    expect(value('max.message.bytes')).toBe('1048588');
    expect(value('delete.retention.ms')).toBe('86400000');
    expect(value('min.cleanable.dirty.ratio')).toBe('0.5');
    expect(value('compression.type')).toBe('producer');
  });

  it('are described alone when they are named', async () => {
    const topic = await createTopic({ config: { 'retention.ms': '5' } });
    const entries = await describeTopic(topic, ['retention.ms', 'cleanup.policy']);
    expect(entries.map(({ configName }) => configName).toSorted()).toEqual([
      'cleanup.policy',
      'retention.ms',
    ]);
  });

  it('are replaced altogether: what is not named falls back to its default', async () => {
    const topic = await createTopic({ config: { 'retention.ms': '123456', 'max.message.bytes': '2000' } });
    await alter(topic, { 'retention.ms': '99' });
    const overrides = await eventually(async () => {
      const found = await overridesOf(topic);
      return found['retention.ms'] === '99' ? found : undefined;
    });
    expect(overrides).toEqual({ 'retention.ms': '99' });
  });

  it('stay when they are only validated', async () => {
    const topic = await createTopic({ config: { 'retention.ms': '5' } });
    await alter(topic, { 'retention.ms': '6' }, true);
    expect(await overridesOf(topic)).toEqual({ 'retention.ms': '5' });
  });

  it('are refused where there is no such setting or value, and stay', async () => {
    const topic = await createTopic({ config: { 'retention.ms': '5' } });
    await expect(alter(topic, { 'no.such.setting': '1' })).rejects.toMatchObject({ type: 'INVALID_CONFIG' });
    await expect(alter(topic, { 'retention.ms': 'soon' })).rejects.toMatchObject({ type: 'INVALID_CONFIG' });
    expect(await overridesOf(topic)).toEqual({ 'retention.ms': '5' });
  });

  it('are not there for a topic that there is not', async () => {
    const error = { type: 'UNKNOWN_TOPIC_OR_PARTITION' };
    await expect(describeTopic(unique('missing'))).rejects.toMatchObject(error);
    await expect(alter(unique('missing'), { 'retention.ms': '1' })).rejects.toMatchObject(error);
  });
});
