import { encode } from '../bson/codec.js';
import { isDocument, type Document } from '../bson/types.js';
import { Deadline } from '../deadline.js';
import { CommandError } from '../errors.js';
import type { Switchboard } from '../../switchboard.js';
import { aggregate } from './aggregate.js';
import { optionalCount, refuseUnknown, refuseUnsupported } from './arguments.js';
import { catalogCommands } from './catalog.js';
import type { Command, Engine, Request } from './command.js';
import { explain } from './explain.js';
import { findAndModify } from './find-and-modify.js';
import { handshakeCommands } from './handshake.js';
import { indexCommands } from './indexes.js';
import { readingCommands } from './reading.js';
import { earlierReply, retryableWrite } from './sessions.js';
import { refuseReadConcern, writeConcernError } from './write-concern.js';
import { writingCommands } from './writing.js';

const commands: Record<string, Command> = {
  ...handshakeCommands,
  ...readingCommands,
  ...writingCommands,
  ...catalogCommands,
  ...indexCommands,
  aggregate,
  explain,
  findAndModify,
};

const aliases: Record<string, string> = {
  isMaster: 'hello',
  ismaster: 'hello',
  buildinfo: 'buildInfo',
  findandmodify: 'findAndModify',
  deleteIndexes: 'dropIndexes',
};

/** What any command may carry. */
const genericFields = [
  '$db',
  '$readPreference',
  '$clusterTime',
  'lsid',
  'txnNumber',
  'startTransaction',
  'autocommit',
  'readConcern',
  'writeConcern',
  'maxTimeMS',
  'comment',
];

/**
 * Answers one command; every failure is an answer too.
 * @returns the reply's bytes; undefined when a switch wants the answer lost
 * @throws what the journal failed with: the server must stop, as memory is ahead of the disk
 */
export async function dispatch(
  body: Document,
  engine: Engine,
  switchboard: Switchboard,
): Promise<Uint8Array | undefined> {
  const [sent = ''] = Object.keys(body);
  const name = aliases[sent] ?? sent;
  let reply: Uint8Array;
  try {
    const deadline = new Deadline(optionalCount({ name: sent, body }, 'maxTimeMS'));
    const admission = await switchboard.admit(name);
    if (!admission.serve) throw asError(admission.error);
    deadline.check();
    const request: Request = { name: sent, database: String(body.$db), body, deadline };
    reply = await serve(Object.hasOwn(commands, name) ? commands[name] : undefined, request, engine);
  } catch (error) {
    if (!(error instanceof CommandError || error instanceof RefusedReply)) throw error;
    reply = encode(errorReply(error));
  }
  return switchboard.mayAnswer(name) ? reply : undefined;
}

async function serve(command: Command | undefined, request: Request, engine: Engine): Promise<Uint8Array> {
  const { body } = request;
  const write = retryableWrite(body);
  if (!command) throw new CommandError('CommandNotFound', `no such command: '${request.name}'`);
  const { fields, unsupported = [], retryable } = command;
  if (fields !== 'any') {
    refuseUnknown(request.name, body, new Set([request.name, ...fields, ...unsupported, ...genericFields]));
  }
  refuseUnsupported(body, unsupported);
  refuseReadConcern(body);
  const { store } = engine;
  if (write && !retryable)
    throw new CommandError('IllegalOperation', `${request.name} takes no transaction number`);
  if (write) {
    const earlier = earlierReply(store.remembered, write);
    if (earlier) {
      await store.settled();
      return earlier;
    }
  }
  let failure: unknown;
  let reply: Uint8Array | undefined;
  try {
    reply = encode({ ...command.run(request, engine), ...writeConcernError(body), ok: 1 });
    if (write && store.hasChanges) store.remember(write.session, write.transaction, reply);
  } catch (error) {
    failure = error;
  }
  // Also after a failure: what the command changed before it failed stays changed.
  await store.commit();
  if (!reply) throw asError(failure);
  return reply;
}

/** An error that a switch asks for, in the words of a reply. */
class RefusedReply extends Error {
  constructor(readonly reply: Document) {
    super('refused by a switch');
  }
}

function asError(error: unknown): CommandError | RefusedReply {
  if (error instanceof CommandError) return error;
  if (isDocument(error) && typeof error.code === 'number') return new RefusedReply(error);
  const message = error instanceof Error ? error.message : String(error);
  return new CommandError('InternalError', message);
}

export function errorReply(error: CommandError | RefusedReply): Document {
  if (error instanceof RefusedReply) return { errmsg: error.message, ...error.reply, ok: 0 };
  const { code, codeName, message, details } = error;
  return { ok: 0, errmsg: message, code, codeName, ...details };
}
