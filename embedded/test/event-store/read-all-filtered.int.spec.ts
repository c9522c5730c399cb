import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { address, connect, event, uniqueName } from './client.js';

const { ReadReq } = streams;
const { Options } = ReadReq;
const { FORWARDS, BACKWARDS } = Options.ReadDirection;

// Rests on the protocol (streams.proto: a read of $all takes a filter). The client library has no such read, so this
// goes through its generated code.
describe('reading $all with a filter', () => {
  const grpcClient = new services.StreamsClient(address(), credentials.createInsecure());
  const name = uniqueName('filtered');
  let client: EventStoreDBClient;
  beforeAll(async () => {
    client = connect();
    for (const [at, letter] of ['x', 'y', 'x', 'y', 'x'].entries()) {
      await client.appendToStream(`${name}-${letter}`, event(at));
    }
  });
  afterAll(async () => {
    grpcClient.close();
    await client.dispose();
  });

  async function read(direction: streams.ReadReq.Options.ReadDirection, count: number): Promise<number[]> {
    const all = new Options.AllOptions();
    if (direction === FORWARDS) all.setStart(new shared.Empty());
    else all.setEnd(new shared.Empty());
    const prefix = new Options.FilterOptions.Expression();
    prefix.setPrefixList([`${name}-x`]);
    const filter = new Options.FilterOptions();
    filter.setStreamIdentifier(prefix);
    filter.setMax(1000);
    filter.setCheckpointintervalmultiplier(1);
    const uuid = new Options.UUIDOption();
    uuid.setString(new shared.Empty());
    const options = new Options();
    options.setAll(all);
    options.setFilter(filter);
    options.setCount(String(count));
    options.setReadDirection(direction);
    options.setUuidOption(uuid);
    const request = new ReadReq();
    request.setOptions(options);
    const found: number[] = [];
    for await (const response of grpcClient.read(request) as AsyncIterable<streams.ReadResp>) {
      const data = response.getEvent()?.getEvent()?.getData_asU8();
      if (data) found.push((JSON.parse(Buffer.from(data).toString()) as { number: number }).number);
    }
    return found;
  }

  it('gives what passes, in either direction', async () => {
    expect(await read(FORWARDS, 100)).toEqual([0, 2, 4]);
    expect(await read(BACKWARDS, 100)).toEqual([4, 2, 0]);
  });

  it('counts only what passes', async () => {
    expect(await read(FORWARDS, 2)).toEqual([0, 2]);
  });
});
