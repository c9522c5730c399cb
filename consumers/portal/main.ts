import { pino } from 'pino';
import { followUntilSignalled } from '../topic/follow-until-signalled.js';
import { servers } from '../topic/servers.js';
import { readSettings } from '../topic/settings.js';
import { Portal, portalFollower } from './portal.js';
import { portalLookUp } from './portal-look-up.js';
import { signIn } from './sign-in.js';

const USAGE = `npm run consumer:portal                                     keeps up to date who may enter, and ends sessions, until Ctrl-C
npm run consumer:portal -- sign-in <workspace> <email>       opens sessions for whoever has the address (needs API_URL, API_TOKEN)
npm run consumer:portal -- may-enter <token>                 whether the session of this token opens the door
npm run consumer:portal -- status                            how far it has read`;

const print = (answer: object) => process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);

/** Returns the exit code. */
async function run([question, first, second]: readonly string[]): Promise<number> {
  const { API_URL = 'http://127.0.0.1:3000', API_TOKEN = '' } = process.env;
  const settings = readSettings('portal', process.env);
  const { name, topicPrefix, sessionTimeoutMs } = settings;
  const { kafka, database, close } = servers(settings);
  try {
    const portal = new Portal(database, topicPrefix);
    if (question === undefined) {
      const log = pino({ name });
      const follower = await portalFollower(kafka, portal, log, { groupId: name, sessionTimeoutMs });
      await followUntilSignalled(follower, () => portal.status(), log);
    } else if (question === 'sign-in' && first !== undefined && second !== undefined) {
      const address = { workspaceId: first, email: second };
      print(await signIn(portalLookUp(API_URL, API_TOKEN), portal, address));
    } else if (question === 'may-enter' && first !== undefined) print(await portal.mayEnter(first));
    else if (question === 'status') print(await portal.status());
    else {
      process.stderr.write(`${USAGE}\n`);
      return 2;
    }
    return 0;
  } finally {
    await close();
  }
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`the portal stopped: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
