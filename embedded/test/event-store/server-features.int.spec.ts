import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { address } from './client.js';

class AskingClient extends EventStoreDBClient {
  features() {
    return this.capabilities;
  }
}

// Rests on the client's ServerFeatures.js (paths in lower case; version) and appendToStream (BatchAppend if it is named).
describe('what the server says that it supports', () => {
  let client: AskingClient;
  beforeEach(() => {
    client = new AskingClient({ endpoint: address() }, { insecure: true });
  });
  afterEach(() => client.dispose());

  it.each(['read', 'append', 'batchAppend', 'delete', 'tombstone'] as const)('has %s', async (method) => {
    expect((await client.features()).supports(services.StreamsService[method])).toBe(true);
  });

  it('has no method that does not exist', async () => {
    const absent = { ...services.StreamsService.read, path: '/event_store.client.streams.Streams/Absent' };
    expect((await client.features()).supports(absent)).toBe(false);
  });

  it('has a version in numbers, of a release with BatchAppend', async () => {
    const { serverVersion } = await client.features();
    expect(serverVersion).toMatch(/^\d+\.\d+\.\d+/);
    expect(Number.parseInt(serverVersion)).toBeGreaterThanOrEqual(21);
  });
});
