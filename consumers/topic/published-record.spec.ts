import { beforeAll, describe, expect, it } from '@jest/globals';
import { CONTRACTS } from '../../contracts/contract.js';
import { type ExampleRecord, readExamples } from '../../contracts/examples.js';
import { RecordReader, UnreadableRecord } from './published-record.js';

describe('reading a record', () => {
  let reader: RecordReader;
  let examples: Readonly<Record<string, ExampleRecord>>;

  beforeAll(async () => {
    reader = await RecordReader.ofContract();
    examples = await readExamples(CONTRACTS);
  });

  const read = ({ topic, key, headers, value }: ExampleRecord) =>
    reader.read(topic, 3, {
      offset: '17',
      key: Buffer.from(key),
      value: value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, header]) => [name, Buffer.from(header)]),
      ),
    });
  const route = () => examples['billing-route.v1.json']!;
  const withHeaders = (example: ExampleRecord, headers: Record<string, string>) => ({
    ...example,
    headers: { ...example.headers, ...headers },
  });

  it('gives what each example of the contract says', () => {
    expect(Object.keys(examples).length).toBeGreaterThan(15);
    for (const example of Object.values(examples)) {
      const { topic, key, headers, value } = example;
      expect(read(example)).toEqual({
        topic,
        partition: 3,
        key,
        type: headers['ce_type'],
        revision: headers['ce_sequence'] === undefined ? undefined : Number(headers['ce_sequence']),
        time: new Date(headers['ce_time']!),
        value,
      });
    }
  });

  it('reads a field that is newer than this consumer', () => {
    const value = { ...(route().value as object), dunning: 'paused' };
    expect(read({ ...route(), value })).toMatchObject({ revision: 5 });
  });

  it('reads a type that is newer than this consumer: its revision counts', () => {
    const merged = withHeaders(route(), { ce_type: 'client-contacts.contact-merged.v1' });
    expect(read(merged)).toMatchObject({ type: 'client-contacts.contact-merged.v1', revision: 5 });
  });

  it('reads a type that is newer than this consumer and about a partition', () => {
    const paused = withHeaders(examples['heartbeat.v1.json']!, { ce_type: 'client-contacts.paused.v1' });
    expect(read(paused)).toMatchObject({ type: 'client-contacts.paused.v1', revision: undefined });
  });

  it.each<[string, (example: ExampleRecord) => ExampleRecord, why: string]>([
    [
      'another version of a type that it knows',
      (example) => withHeaders(example, { ce_type: 'client-contacts.billing-route.v2' }),
      'this consumer knows no client-contacts.billing-route.v2',
    ],
    ['a tombstone', (example) => ({ ...example, value: null }), 'its value is no JSON object'],
    ['half a value', (example) => ({ ...example, value: '{"status":' }), 'its value is no JSON object'],
    [
      'a value without its route',
      (example) => ({ ...example, value: { revision: 5 } }),
      "value must have required property 'status'",
    ],
    [
      'a rule that nobody knows',
      (example) => ({ ...example, value: { ...(example.value as object), rule: 'secret@x.example' } }),
      'value/rule must be equal to one of the allowed values',
    ],
    [
      'no revision',
      (example) => withHeaders(example, { ce_sequence: 'last' }),
      'headers/ce_sequence must match',
    ],
    ['the key of a contact', (example) => ({ ...example, key: 'ws/client/ann' }), 'key must match'],
    [
      'a record of another topic',
      (example) => ({ ...example, topic: 'client-contacts.portal-access' }),
      'client-contacts.billing-route.v1 does not belong on client-contacts.portal-access',
    ],
  ])('stops at %s, and names where it is and why, but no value', (_what, change, why) => {
    const broken = () => read(change(route()));
    expect(broken).toThrow(UnreadableRecord);
    expect(broken).toThrow(`/3 can't be read`);
    expect(broken).toThrow(why);
    expect(broken).not.toThrow(/lefevre|secret/);
  });
});
