import { performance } from 'node:perf_hooks';
import { type Program, startProgram } from './child-process.js';
import { printTable, shown, summarise } from './measure.js';

const ROUNDS = 5;
const CONTACTS = 200;
const EMBEDDED = ['event-store', 'mongodb', 'kafka'];

/** How long `npm start` takes once it is built, until its first answered command; and what all of it takes of memory. */
export async function measureStart(): Promise<void> {
  const firstAnswer: number[] = [];
  const idle: number[] = [];
  const loaded: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begin = performance.now();
    const laptop = await startLaptop();
    await addContact(laptop, 0);
    firstAnswer.push((performance.now() - begin) / 1000);
    idle.push(await laptop.memory());
    for (let contact = 1; contact < CONTACTS; contact++) await addContact(laptop, contact);
    loaded.push(await laptop.memory());
    await laptop.end();
  }
  printTable(
    ['start, embedded servers and service in one process', 'median (spread)', 'goal'],
    [
      ['warm start to the first answered command, s', shown(summarise(firstAnswer), 2), '< 3'],
      ['memory after the first command, MiB', shown(summarise(idle)), '< 400'],
      [`memory after ${CONTACTS} contacts at ${CONTACTS} clients, MiB`, shown(summarise(loaded)), '< 400'],
    ],
  );
}

/** How long each embedded server takes on empty data from the call to its address, in a fresh process each time. */
export async function measureEmbeddedStart(): Promise<void> {
  const rows: string[][] = [];
  for (const name of EMBEDDED) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const program = await startProgram(
        'dist/bench/start-in-process.js',
        (dataDir) => ({ parameters: [name, dataDir] }),
        /started in \S+ ms/,
      );
      times.push(Number(/started in (\S+) ms/.exec(program.output)![1]));
      await program.end();
    }
    rows.push([name, shown(summarise(times), 1), '< 100']);
  }
  printTable(['start on empty data, in process, ms', 'median (spread)', 'goal'], rows);
}

function startLaptop(): Promise<Program> {
  return startProgram(
    'dist/laptop/start.js',
    (dataDir) => ({
      environment: {
        DATA_DIR: dataDir,
        HTTP_PORT: '0',
        EMBEDDED_EVENTSTORE_PORT: '0',
        EMBEDDED_MONGODB_PORT: '0',
        EMBEDDED_KAFKA_PORT: '0',
      },
    }),
    /billing-route\?minRevision=1/,
  );
}

async function addContact({ output }: Program, index: number): Promise<void> {
  const [, url] = /^API +(\S+)$/m.exec(output)!;
  const [, token] = /^Development token +(\S+)$/m.exec(output)!;
  const answer = await fetch(`${url}/v1/workspaces/studio-nord/clients/bench-${index}/contacts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'k' },
    body: JSON.stringify({ email: 'someone@client.example', primary: true }),
  });
  if (answer.status !== 201) throw new Error(`the service answered ${answer.status}`);
}
