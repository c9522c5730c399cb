import { commandIdOf, newContactIdOf } from '../src/commands/command-identity.js';
import { withoutCredentials } from '../src/operations/reachability.js';
import { DEVELOPER, DEVELOPMENT_WORKSPACE } from './development-token.js';

const CLIENT = 'brasserie-lefevre';
/** With these keys a command that is pasted again gets its first answer again. */
const KEYS = { add: 'first-contact', primary: 'first-primary' };

/** What to try first: the addresses, a token, and three commands that can be pasted, again and again. */
export function greeting(apiUrl: string, addresses: Readonly<Record<string, string>>, token: string): string {
  const client = `${apiUrl}/v1/workspaces/${DEVELOPMENT_WORKSPACE}/clients/${CLIENT}`;
  const identity = { workspaceId: DEVELOPMENT_WORKSPACE, clientId: CLIENT };
  const contactId = newContactIdOf(commandIdOf(identity, { kind: 'user', id: DEVELOPER }, KEYS.add));
  const curl = `curl -s -H 'Authorization: Bearer ${token}'`;
  const json = "-H 'Content-Type: application/json'";
  return `${whereEverythingIs(apiUrl, addresses)}Development token  ${token}

Add a contact, make it primary, read the billing route:

${curl} ${json} -H 'Idempotency-Key: ${KEYS.add}' -d '{"email":"margaux@lefevre.example","name":"Margaux Lefèvre"}' ${client}/contacts

${curl} ${json} -H 'Idempotency-Key: ${KEYS.primary}' -X PUT -d '{"contactId":"${contactId}"}' ${client}/primary

${curl} '${client}/billing-route?minRevision=1'

`;
}

/** The addresses of the API, of its documentation and of the three servers, without credentials. */
export function whereEverythingIs(apiUrl: string, addresses: Readonly<Record<string, string>>): string {
  const shown = (variable: string) => withoutCredentials(addresses[variable] ?? '');
  return `
API                ${apiUrl}
API documentation  ${apiUrl}/docs
EventStoreDB       ${shown('EVENTSTORE_URL')}
MongoDB            ${shown('MONGODB_URL')}
Kafka              ${shown('KAFKA_BROKERS')}
`;
}
