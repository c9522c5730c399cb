import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { Invoicing, invoicingFollower } from '../consumers/invoicing/invoicing.js';
import { portalLookUp } from '../consumers/portal/portal-look-up.js';
import { Portal, portalFollower } from '../consumers/portal/portal.js';
import { kafkaClient } from '../consumers/topic/servers.js';
import { DemoFailure } from './demo-failure.js';
import { InvoicingTeam } from './invoicing-team.js';
import { PortalTeam } from './portal-team.js';
import type { RunningService } from './running-service.js';
import type { ClientState } from './team.js';

const SESSION_TIMEOUT_MS = 10_000;
const START_LIMIT_MS = 20_000;
const STOP_LIMIT_MS = 5_000;
/** How long a record may take to arrive; long enough for a restart of service and broker. */
const RECORD_LIMIT_MS = 60_000;
const POLL_MS = 20;

export interface Teams {
  readonly invoicing: InvoicingTeam;
  readonly portal: PortalTeam;
  /** Ends when both know what the API says of a client. Raises DemoFailure when one does not in time. */
  heard(client: ClientState): Promise<void>;
  /** How many clients' events came; raises DemoFailure where one of their revisions did not. */
  clientsWithoutGap(): Promise<number>;
  /** Leaves nothing of this run behind, as far as the servers answer within a few seconds. */
  stop(): Promise<void>;
}

/**
 * Starts both teams' consumers from nothing, with databases and groups of this run alone. Ends when they have read what
 * the topics held. Raises DemoFailure when Kafka or MongoDB does not let them in time.
 */
export async function startTeams(service: RunningService, run: string): Promise<Teams> {
  const { apiUrl, token, brokers, mongodbUrl } = service;
  const topicPrefix = process.env['TOPIC_PREFIX'] || 'client-contacts';
  const kafka = kafkaClient('client-contacts-demo', [...brokers]);
  const mongo = new MongoClient(mongodbUrl, { serverSelectionTimeoutMS: START_LIMIT_MS });
  const databases = ['invoicing', 'portal'].map((name) => mongo.db(`demo_${name}_${run}`));
  const groups = ['invoicing', 'portal'].map((name) => `client-contacts.demo-${name}-${run}`);
  const knownToInvoicing = new Invoicing(databases[0]!, topicPrefix);
  const knownToPortal = new Portal(databases[1]!, topicPrefix);
  const invoicing = new InvoicingTeam(knownToInvoicing);
  const portal = new PortalTeam(knownToPortal, portalLookUp(apiUrl, token));

  const log = pino({ level: 'silent' });
  const followers = [
    await invoicingFollower(
      kafka,
      knownToInvoicing,
      log,
      { groupId: groups[0]!, sessionTimeoutMs: SESSION_TIMEOUT_MS },
      invoicing.hear,
    ),
    await portalFollower(
      kafka,
      knownToPortal,
      log,
      { groupId: groups[1]!, sessionTimeoutMs: SESSION_TIMEOUT_MS },
      portal.hear,
    ),
  ];
  let crash: Error | undefined;
  for (const follower of followers) follower.follow().catch((error: Error) => (crash = error));

  const until = async (limitMs: number, isSo: () => Promise<boolean>, failure: () => string) => {
    const end = performance.now() + limitMs;
    while (!(await isSo())) {
      if (crash) throw new DemoFailure(crash.message);
      if (performance.now() > end) throw new DemoFailure(failure());
      await sleep(POLL_MS);
    }
  };
  const teams: Teams = {
    invoicing,
    portal,
    heard: async (client) => {
      for (const team of [invoicing, portal]) {
        await until(
          RECORD_LIMIT_MS,
          () => team.knows(client),
          () =>
            `The ${team.name} side does not know revision ${client.book.revision} of ${client.key} after ${RECORD_LIMIT_MS / 1000} s: does the publisher run?`,
        );
      }
    },
    clientsWithoutGap: async () => {
      const { gaps } = await knownToInvoicing.status();
      if (gaps.length > 0)
        throw new DemoFailure(`Revisions did not come as promised: ${JSON.stringify(gaps)}`);
      return knownToInvoicing.revisions.count();
    },
    stop: async () => {
      const leave = async () => {
        await Promise.all(followers.map((follower) => follower.stop()));
        await Promise.all(databases.map((database) => database.dropDatabase()));
        const admin = kafka.admin();
        await admin.connect();
        await admin.deleteGroups(groups);
        await admin.disconnect();
      };
      await Promise.race([leave().catch(() => {}), sleep(STOP_LIMIT_MS, undefined, { ref: false })]);
      await mongo.close();
    },
  };
  try {
    const haveRead = async () => {
      const statuses = [await knownToInvoicing.status(), await knownToPortal.status()];
      return statuses.every(({ freshness }) => freshness !== 'catching_up');
    };
    await until(
      START_LIMIT_MS,
      haveRead,
      () =>
        `Kafka at ${brokers.join(',')} does not answer, or has no topics ${topicPrefix}.…: does the publisher run?`,
    );
  } catch (error) {
    await teams.stop();
    throw error;
  }
  return teams;
}
