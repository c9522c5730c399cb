import { randomUUID } from 'node:crypto';
import { UUID } from 'bson';
import { isDocument } from '../bson/types.js';
import type { Command } from './command.js';
import { sessionKey } from './sessions.js';

/** The name of the replica set whose only member this server is. */
export const SET_NAME = 'embedded';

/** What MongoDB 4.4 is called on the wire: the oldest that the driver accepts, and the newest that is answered truly. */
const WIRE_VERSION = 9;
const VERSION = [4, 4, 0, 0];

const hello: Command = {
  // Drivers announce here what they can do; what a server doesn't know of, it passes over.
  fields: 'any',
  run: (_request, { address }) => ({
    helloOk: true,
    ismaster: true,
    isWritablePrimary: true,
    secondary: false,
    setName: SET_NAME,
    setVersion: 1,
    hosts: [address],
    primary: address,
    me: address,
    maxBsonObjectSize: 16 * 1024 * 1024,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
  }),
};

const buildInfo: Command = {
  fields: [],
  run: () => ({
    version: VERSION.slice(0, 3).join('.'),
    versionArray: VERSION,
    gitVersion: 'embedded',
    modules: ['embedded'],
    bits: 64,
    debug: false,
    maxBsonObjectSize: 16 * 1024 * 1024,
    storageEngines: ['embedded'],
  }),
};

const endSessions: Command = {
  fields: [],
  run({ body }, { store }) {
    const { endSessions: sessions } = body;
    for (const session of Array.isArray(sessions) ? (sessions as unknown[]) : []) {
      if (isDocument(session)) store.remembered.forget(sessionKey(session));
    }
    return {};
  },
};

const nothingToDo: Command = { fields: [], run: () => ({}) };

export const handshakeCommands: Record<string, Command> = {
  hello,
  buildInfo,
  endSessions,
  ping: nothingToDo,
  refreshSessions: nothingToDo,
  startSession: {
    fields: [],
    run: () => ({ id: { id: new UUID(randomUUID()) }, timeoutMinutes: 30 }),
  },
};
