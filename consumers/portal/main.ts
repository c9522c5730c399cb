import { runProgram } from '../topic/program.js';
import { Portal, portalFollower } from './portal.js';
import { portalLookUp } from './portal-look-up.js';
import { signIn } from './sign-in.js';

const USAGE = `npm run consumer:portal                                     keeps up to date who may enter, and ends sessions, until Ctrl-C
npm run consumer:portal -- sign-in <workspace> <email>       opens sessions for whoever has the address (needs API_URL, API_TOKEN)
npm run consumer:portal -- may-enter <token>                 whether the session of this token opens the door
npm run consumer:portal -- status                            how far it has read`;

const { API_URL = 'http://127.0.0.1:3000', API_TOKEN = '' } = process.env;

await runProgram('portal', USAGE, ({ kafka, database }, { topicPrefix }) => {
  const portal = new Portal(database, topicPrefix);
  return {
    follower: (log, settings) => portalFollower(kafka, portal, log, settings),
    status: () => portal.status(),
    questions: {
      'sign-in': (workspaceId: string, email: string) =>
        signIn(portalLookUp(API_URL, API_TOKEN), portal, { workspaceId, email }),
      'may-enter': (token: string) => portal.mayEnter(token),
    },
  };
});
