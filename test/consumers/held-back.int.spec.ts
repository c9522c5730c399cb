import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { byAppend } from '../fixtures/random-histories.js';
import { type RecordedFact, recordedEvents } from '../fixtures/recorded-events.js';
import { ConsumerProcess } from './consumer-process.js';
import { PublishedLog } from './published-log.js';

const CLIENT = 'ws/client';
const ANN = `${CLIENT}/ann`;

describe('a client whose withdrawal of portal access is not published', () => {
  let log: PublishedLog;
  let running: ConsumerProcess[];
  let added: RecordedFact[];
  let withdrawn: RecordedFact[];
  let renamed: RecordedFact[];
  let session: string;

  beforeEach(async () => {
    running = [];
    log = await PublishedLog.prepare();
    const history = recordedEvents({ workspaceId: 'ws', clientId: 'client' }, [
      [
        {
          type: 'ContactAdded',
          data: { contactId: 'ann', email: 'ann@client.example', portalEnabled: true },
        },
        { type: 'PrimaryContactChanged', data: { from: null, to: 'ann' } },
      ],
      [{ type: 'PortalAccessToggled', data: { contactId: 'ann', enabled: false, generation: 2 } }],
      [
        {
          type: 'ContactDetailsChanged',
          data: { contactId: 'ann', changes: { name: { before: null, after: 'Ann' } }, generation: 1 },
        },
      ],
    ]);
    [added, withdrawn, renamed] = byAppend(history) as [RecordedFact[], RecordedFact[], RecordedFact[]];
    await log.publish([added]);
    start();
    await isTold();
    session = await log.portal.sessions.open(ANN, 1);
    expect(await log.portal.mayEnter(session)).toEqual({ mayEnter: true });
    expect(await log.invoicing.recipientOf(CLIENT)).toMatchObject({ status: 'routed', revision: 1 });
  });
  afterEach(async () => {
    await kill();
    await log.close();
  });

  const program = (consumer: 'invoicing' | 'portal', ...args: string[]) => {
    const CONSUMER_NAME = log.databases[consumer].databaseName;
    const environment = { TOPIC_PREFIX: log.name, CONSUMER_NAME, SESSION_TIMEOUT_MS: '6000' };
    return ConsumerProcess.start(consumer, environment, args);
  };
  const start = () => void (running = [program('invoicing'), program('portal')]);
  const kill = () => Promise.all(running.map((consumer) => consumer.end('SIGKILL')));
  const isTold = async () => {
    await log.beat();
    await log.isConsumed();
  };
  const expectRefused = async (because: 'held_back' | 'skipped') => {
    const refused = { mayEnter: false, because: 'held_back', isOver: false };
    expect(await log.portal.mayEnter(session)).toEqual(refused);
    const asked = { status: 'held_back', because, unpublishedFrom: 2, freshness: 'current' };
    expect(await log.invoicing.recipientOf(CLIENT)).toMatchObject(asked);
  };

  it('is let in by nobody, whatever ends the consumers, until it is published', async () => {
    await log.holdBack([withdrawn]);
    await isTold();
    await expectRefused('held_back');

    await kill();
    await log.beat();
    const question = program('portal', 'may-enter', session);
    expect(await question.ended()).toBe(0);
    expect(JSON.parse(question.text)).toMatchObject({ because: 'held_back' });
    // All but the sessions is lost: the topics alone tell it again.
    await log.databases.portal.collection('contact_access').drop();
    await log.databases.portal.collection('reading_progress').drop();
    await log.databases.invoicing.dropDatabase();
    start();
    await isTold();
    await expectRefused('held_back');

    await log.publish([withdrawn]);
    await isTold();
    expect(await log.portal.mayEnter(session)).toMatchObject({ because: 'older_generation', isOver: true });
    expect(await log.invoicing.recipientOf(CLIENT)).toMatchObject({ status: 'routed', revision: 1 });
    await log.expectAllKnown();
  });

  it('is let in by nobody after it was given up, whatever is published of it later', async () => {
    await log.holdBack([withdrawn]);
    await log.giveUp(withdrawn);
    await log.publish([renamed]);
    await isTold();
    await expectRefused('skipped');
    // The publisher starts anew.
    await log.begin();
    await isTold();
    await expectRefused('skipped');
    expect((await log.invoicing.status()).gaps).toEqual([]);
  });
});
