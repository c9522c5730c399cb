/** Which client of which workspace: the identity of one contact book, and so of one stream. */
export interface ClientRef {
  readonly workspaceId: string;
  readonly clientId: string;
}

/** What workspace, client and contact ids look like. No dot: it separates the two ids in a stream's name. */
export const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

/** What the names of our streams, and of no others, begin with. */
export const STREAM_PREFIX = 'clientContacts-';

/** The one stream that holds this client's contact book. */
export function streamNameOf({ workspaceId, clientId }: ClientRef): string {
  return `${STREAM_PREFIX}${workspaceId}.${clientId}`;
}

/** The stream that holds the client's last snapshot. Not one of ours by its name: no one who follows those sees it. */
export function snapshotStreamOf({ workspaceId, clientId }: ClientRef): string {
  return `clientContactsSnapshot-${workspaceId}.${clientId}`;
}

/** The client whose contact book this stream holds. Throws a RangeError when it isn't one of ours. */
export function clientOfStream(streamName: string): ClientRef {
  const client = clientIn(streamName);
  if (!client) throw new RangeError('not the stream of a contact book');
  return client;
}

/** The same, or undefined: someone else may have named a stream so that it begins as ours do. */
export function clientIn(streamName: string): ClientRef | undefined {
  const [workspaceId, clientId, ...rest] = streamName.slice(STREAM_PREFIX.length).split('.');
  if (
    !streamName.startsWith(STREAM_PREFIX) ||
    rest.length > 0 ||
    !ID_PATTERN.test(workspaceId ?? '') ||
    !ID_PATTERN.test(clientId ?? '')
  ) {
    return undefined;
  }
  return { workspaceId: workspaceId!, clientId: clientId! };
}

/** `<workspace>/<client>`: the client as read models and Kafka name it. */
export function clientKey({ workspaceId, clientId }: ClientRef): string {
  return `${workspaceId}/${clientId}`;
}
