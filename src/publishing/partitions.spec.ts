import { describe, expect, it } from '@jest/globals';
import { recordedEvents } from '../../test/fixtures/recorded-events.js';
import { initial } from '../contact-book/contact-book.js';
import { partitionOf } from './partitions.js';
import { recordsOf } from './records.js';

/** Computed once with Kafka's own org.apache.kafka.common.utils.Utils.murmur2; never to be changed. */
const partitionsOfSix: [key: string, partition: number][] = [
  ['a/b', 0],
  ['a/bc', 3],
  ['a/bcd', 0],
  ['a/bcde', 3],
  ['ws/one', 5],
  ['ws/two', 2],
  ['ws/three', 1],
  ['w-1/c-1', 3],
  ['w-1/c-2', 4],
  ['w_1/c_1', 4],
  ['workspace/client', 0],
  ['Acme/ACME', 4],
  ['0/0', 0],
  ['42/1001', 1],
  ['42/1002', 0],
  ['018f6f2e-9d0b-7c3a-8a51-2f6f0c1d9e77/018f6f2f-1b2c-7d4e-9f60-7a8b9c0d1e2f', 4],
  ['018f6f2e-9d0b-7c3a-8a51-2f6f0c1d9e77/018f6f2f-1b2c-7d4e-9f60-7a8b9c0d1e30', 2],
  [`${'w'.repeat(64)}/c`, 4],
  [`w/${'c'.repeat(64)}`, 5],
  [`${'w'.repeat(64)}/${'c'.repeat(64)}`, 5],
  ['_/-', 1],
  ['north-office_7/kunde-2024-000381', 2],
];

describe("a client's partition", () => {
  it.each(partitionsOfSix)('stays what it has been for %s', (key, partition) => {
    expect(partitionOf(key, 6)).toBe(partition);
  });

  it.each(partitionsOfSix)('is written into the record of %s, not left to the producer', (key, partition) => {
    const [workspaceId, clientId] = key.split('/') as [string, string];
    const append = recordedEvents({ workspaceId, clientId }, [
      [
        {
          type: 'ContactAdded',
          data: { contactId: 'ann', email: 'ann@client.example', portalEnabled: true },
        },
      ],
    ]);
    const { events, billingRoutes, portalAccess } = recordsOf(append, initial(), 6);
    expect([...events, ...billingRoutes]).toMatchObject([
      { key, partition },
      { key, partition },
    ]);
    expect(portalAccess).toMatchObject([{ key: `${key}/ann`, partition }]);
  });

  it('gets a record for an event that is passed over, too: its revision is no gap', () => {
    const [recorded] = recordedEvents({ workspaceId: 'ws', clientId: 'one' }, [
      [{ type: 'ContactRemoved', data: { contactId: 'ann' } }],
    ]);
    const { events } = recordsOf([{ ...recorded!, event: { type: 'Ignored', data: {} } }], initial(), 6);
    expect(events).toMatchObject([
      {
        value: '{"revision":0}',
        headers: { ce_type: 'client-contacts.skipped.v1', ce_sequence: '0000000000' },
      },
    ]);
  });
});
