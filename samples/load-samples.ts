import { createHash } from 'node:crypto';
import { addContact, type Answer, type Command, type ContactsApi, setBillingEmail } from './contacts-api.js';
import { DemoFailure } from './demo-failure.js';
import type { SampleClient } from './sample-clients.js';

const CLIENTS_AT_ONCE = 6;

export interface Loaded {
  /** Commands that changed something. */
  readonly fresh: number;
  /** Commands whose effect was there already. */
  readonly repeated: number;
  /** The revision that each client's book has now. */
  readonly revisions: ReadonlyMap<string, number>;
}

/** The commands that bring a client's book to what the sample says, in their order. */
export function commandsFor({ clientId, contacts, billingEmail }: SampleClient): Command[] {
  return [
    ...contacts.map((contact) => addContact(clientId, contact)),
    ...(billingEmail === undefined ? [] : [setBillingEmail(clientId, billingEmail)]),
  ];
}

/**
 * Sends each command with a key that is made of the command, so that loading again changes nothing. A client's
 * commands go one after another, some clients at once. Raises DemoFailure for an answer that can't be accepted.
 */
export async function loadSamples(
  clients: readonly SampleClient[],
  api: ContactsApi,
  onAnswer: () => void,
): Promise<Loaded> {
  let [fresh, repeated] = [0, 0];
  const revisions = new Map<string, number>();
  const queue = [...clients];
  const loadNext = async (): Promise<void> => {
    for (let client = queue.shift(); client; client = queue.shift()) {
      let { revision } = await api.contactBook(client.clientId);
      for (const command of commandsFor(client)) {
        const answer = await api.command(command, keyOf(command));
        const wasThere = isThereAlready(answer, revision);
        if (wasThere) repeated += 1;
        else fresh += 1;
        if (answer.kind === 'done') revision = Math.max(revision, answer.book.revision);
        onAnswer();
      }
      revisions.set(client.clientId, revision);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS_AT_ONCE }, loadNext));
  return { fresh, repeated, revisions };
}

/** A replay of a request that was sent once, a book that stays as it is, an address that the client has. */
function isThereAlready(answer: Answer, revision: number): boolean {
  if (answer.kind === 'done')
    return answer.isReplay ? answer.attempts === 1 : answer.book.revision <= revision;
  if (answer.problem['code'] === 'duplicate_email') return true;
  throw new DemoFailure(`The sample data was refused: ${JSON.stringify(answer.problem)}`);
}

function keyOf(command: Command): string {
  return `sample-${createHash('sha256').update(JSON.stringify(command)).digest('base64url')}`;
}
