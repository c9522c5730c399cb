import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedServer, startEventStore } from '@client-contacts/embedded';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FaultProxy, startFaultProxy } from '../../embedded/src/fault-proxy/index.js';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { codec } from '../fixtures/recorded-events.js';
import {
  add,
  commandHandler,
  commandsOf,
  historyOf,
  newClient,
  type Outcome,
  type Send,
  type SentCommand,
} from './command-handler.js';

const DEADLINE_MS = 1500;
const MANY = 60;

const isAppend = (operation: string) => operation === 'Append';

describe('commands over a connection that breaks', () => {
  let dataDir: string;
  let server: EmbeddedServer;
  let proxy: FaultProxy;
  let eventStore: EventStoreDb;
  let send: Send;
  /** Looks at the log past the proxy. */
  let direct: EventStoreDb;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'write-side-'));
    server = await startEventStore({ dataDir });
    proxy = await startFaultProxy({ target: { host: '127.0.0.1', port: server.port } });
    eventStore = new EventStoreDb({
      url: `esdb://127.0.0.1:${proxy.port}?tls=false`,
      deadlineMs: DEADLINE_MS,
    });
    direct = new EventStoreDb({ url: server.url, deadlineMs: 15_000 });
    send = commandHandler(eventStore, { codec });
  });
  afterEach(async () => {
    server.switchboard.reset();
    await Promise.all([eventStore.close(), direct.close()]);
    await proxy.stop();
    await server.stop();
    await rm(dataDir, { recursive: true });
  });

  const command = (client = newClient()): SentCommand => {
    const commandId = randomUUID();
    return { client, command: add(`contact-${commandId}`, { primary: true }), commandId };
  };

  const timesInLog = async ({ client, commandId }: SentCommand) =>
    commandsOf(await historyOf(direct, client)).filter((id) => id === commandId).length;

  /** Acknowledged: in the log once. Unknown: once at most. Anything else: not at all. Sent again: once, in any case. */
  async function expectEachOnce(sent: readonly SentCommand[], outcomes: readonly Outcome[]): Promise<void> {
    for (const [index, each] of sent.entries()) {
      const outcome = outcomes[index]!;
      const times = await timesInLog(each);
      if ('revision' in outcome) expect(times).toBe(1);
      else if (outcome.failure === 'OutcomeUnknown') expect(times).toBeLessThanOrEqual(1);
      else expect([outcome.failure, times]).toEqual(['EventStoreUnavailable', 0]);
    }
    for (const each of sent) {
      expect(await send(each)).toHaveProperty('revision');
      expect(await timesInLog(each)).toBe(1);
    }
  }

  it('appends by calls of their own, never batched', async () => {
    const operations = new Set<string>();
    server.switchboard.staySilent((operation) => {
      operations.add(operation);
      return false;
    });
    await send(command());
    expect([...operations].toSorted()).toEqual(['Append', 'Read']);
  });

  it('are answered, all of a hundred that come at once on a new connection', async () => {
    const patient = commandHandler(direct, { codec });
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => patient(command())));
    expect(outcomes.filter((outcome) => 'revision' in outcome)).toHaveLength(100);
  });

  it('are acknowledged and stored once though the answer was lost with the connection', async () => {
    const sent = command();
    await send({ ...sent, ...command(sent.client) });
    server.switchboard.loseNextAnswers(1, isAppend);
    expect(await send(sent)).toMatchObject({ revision: 3, isReplay: false });
    expect(await timesInLog(sent)).toBe(1);
  });

  it('go over a new connection once one was lost', async () => {
    await send(command());
    const before = proxy.accepted;
    server.switchboard.loseNextAnswers(1, isAppend);
    await send(command());
    expect(proxy.accepted).toBe(before + 1);
  });

  it('that change the connection leave a subscription on the old one as it is: it goes on', async () => {
    const subscription = eventStore.subscribe('clientContacts-', undefined);
    const seen: string[] = [];
    const commands = [command(), command()];
    await commandHandler(direct, { codec })(command());
    server.switchboard.refuseNext(1, { code: 14, details: 'Server Is Too Busy' }, isAppend);
    for await (const item of subscription) {
      if ('mark' in item) continue;
      if (item.metadata['index'] === 0) seen.push(item.stream);
      if (seen.length === 0) continue;
      const next = commands.shift();
      if (next) expect(await send(next)).toHaveProperty('revision');
      else if (seen.length === 3) break;
    }
    subscription.close();
    expect(new Set(seen).size).toBe(3);
  });

  it('are refused as unknown by a silent server, each of those that wait in turn; and are stored once later', async () => {
    const client = newClient();
    await send(command(client));
    server.switchboard.staySilent();
    const sent = [command(client), command(client), command()];
    const outcomes = await Promise.all(sent.map(send));
    // The last one had no book cached: nothing of it was ever sent.
    expect(outcomes.map((outcome) => 'failure' in outcome && outcome.failure)).toEqual([
      'OutcomeUnknown',
      'EventStoreUnavailable',
      'EventStoreUnavailable',
    ]);
    server.switchboard.speak();
    await expectEachOnce(sent, outcomes);
  });

  it('are unknown while answers are swallowed on the way, and known when they are sent again', async () => {
    const client = newClient();
    await send(command(client));
    proxy.swallowAnswers();
    const sent = command(client);
    const outcome = await send(sent);
    expect(outcome).toEqual({ failure: 'OutcomeUnknown' });
    expect(await timesInLog(sent)).toBe(1);
    proxy.pass();
    expect(await send(sent)).toMatchObject({ isReplay: true });
    await expectEachOnce([sent], [outcome]);
  });

  it('are each stored once or cleanly refused when connections are cut among many', async () => {
    const clients = [newClient(), newClient(), newClient()];
    await Promise.all(clients.map((client) => send(command(client))));
    const sent = Array.from({ length: MANY }, (_, index) => command(clients[index % 3]));
    let answered = 0;
    const outcomes = await Promise.all(
      sent.map(async (each) => {
        const outcome = await send(each);
        answered += 1;
        if (answered % 7 === 0) proxy.cutConnections();
        if (answered % 11 === 0) server.switchboard.loseNextAnswers(1, isAppend);
        return outcome;
      }),
    );
    await expectEachOnce(sent, outcomes);
  });

  it('are each stored once or cleanly refused when the server dies before it answers, and comes back', async () => {
    const { port } = server;
    const clients = [newClient(), newClient(), newClient()];
    await Promise.all(clients.map((client) => send(command(client))));
    server.switchboard.dieBeforeNextAnswer(isAppend);
    const sent = clients.map(command);
    const outcomes = await Promise.all(sent.map(send));
    await server.stop();
    server = await startEventStore({ dataDir, port });
    await expectEachOnce(sent, outcomes);
  });

  it('end when the server refuses the append as too large, and leave the connection as it is', async () => {
    const client = newClient();
    await send(command(client));
    const before = proxy.accepted;
    const huge = { id: randomUUID(), type: 'T', data: { text: 'x'.repeat(2 << 20) }, metadata: {} };
    await expect(eventStore.append('huge', -1, [huge])).rejects.toThrow(/size/i);
    await send(command(client));
    expect(proxy.accepted).toBe(before);
  });
});
