import { HOST, NODE_ID } from '../broker.js';
import type { Joined, OfferedProtocol } from '../coordination/group.js';
import { defineApi } from '../protocol/api.js';
import { ErrorCode, KafkaError, errorCodeOf } from '../protocol/error-codes.js';
import type { Writer } from '../protocol/writer.js';

/** Kafka's own bounds. */
const SESSION_TIMEOUT_MS = { min: 6_000, max: 1_800_000 };

/** Where a group's or a transactional id's coordinator is: here. */
export const findCoordinator = defineApi<null, { errorCode: number; port: number }>({
  key: 10,
  name: 'FindCoordinator',
  versions: [0, 1],
  decode(reader, version) {
    reader.string();
    if (version >= 1) reader.int8();
    return null;
  },
  handle: (broker) => Promise.resolve({ errorCode: ErrorCode.NONE, port: broker.port }),
  encode(writer, { errorCode, port }, version) {
    if (version >= 1) writer.int32(0);
    writer.int16(errorCode);
    if (version >= 1) writer.nullableString(null);
    writer
      .int32(errorCode === ErrorCode.NONE ? NODE_ID : -1)
      .string(errorCode === ErrorCode.NONE ? HOST : '')
      .int32(port);
  },
  refuse: (_request, errorCode) => ({ errorCode, port: -1 }),
});

interface JoinGroupRequest {
  /** Later versions give a newcomer an id first, and want it to come again with that. */
  announcesIds: boolean;
  groupId: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  memberId: string;
  protocolType: string;
  protocols: OfferedProtocol[];
}

/** Makes the caller a member of the group's next generation, and waits for the others to join it. */
export const joinGroup = defineApi<JoinGroupRequest, Joined & { errorCode: number }>({
  key: 11,
  name: 'JoinGroup',
  versions: [0, 4],
  decode(reader, version) {
    const groupId = reader.string();
    const sessionTimeoutMs = reader.int32();
    const rebalanceTimeoutMs = version >= 1 ? reader.int32() : sessionTimeoutMs;
    const memberId = reader.string();
    const protocolType = reader.string();
    const protocols = reader.array((r) => ({ name: r.string(), metadata: Buffer.from(r.buffer()) }));
    const announcesIds = version >= 4;
    return { announcesIds, groupId, sessionTimeoutMs, rebalanceTimeoutMs, memberId, protocolType, protocols };
  },
  async handle(broker, request, { clientId, host }) {
    const { groupId, sessionTimeoutMs } = request;
    try {
      if (sessionTimeoutMs < SESSION_TIMEOUT_MS.min || sessionTimeoutMs > SESSION_TIMEOUT_MS.max) {
        throw new KafkaError('INVALID_SESSION_TIMEOUT');
      }
      const group = broker.groups.get(groupId);
      if (request.announcesIds && request.memberId === '') {
        const memberId = group.announce(clientId, sessionTimeoutMs);
        return notJoined({ memberId }, ErrorCode.MEMBER_ID_REQUIRED);
      }
      const joined = await group.join({ ...request, clientId, clientHost: `/${host}` });
      return { errorCode: ErrorCode.NONE, ...joined };
    } catch (error) {
      return notJoined(request, errorCodeOf(error));
    }
  },
  encode(writer, { errorCode, generation, protocol, leader, memberId, members }, version) {
    if (version >= 2) writer.int32(0);
    writer.int16(errorCode).int32(generation).string(protocol).string(leader).string(memberId);
    writer.array(members, (member) => writer.string(member.memberId).buffer(member.metadata));
  },
  refuse: notJoined,
});

function notJoined({ memberId }: { memberId: string }, errorCode: number): Joined & { errorCode: number } {
  return { errorCode, generation: -1, protocol: '', leader: '', memberId, members: [] };
}

/** Hands the leader's assignments to the broker, and to each member its own. */
export const syncGroup = defineApi<
  {
    groupId: string;
    generation: number;
    memberId: string;
    assignments: { memberId: string; assignment: Buffer }[];
  },
  { errorCode: number; assignment: Buffer }
>({
  key: 14,
  name: 'SyncGroup',
  versions: [0, 1],
  decode: (reader) => ({
    groupId: reader.string(),
    generation: reader.int32(),
    memberId: reader.string(),
    assignments: reader.array((r) => ({ memberId: r.string(), assignment: r.buffer() })),
  }),
  async handle(broker, { groupId, generation, memberId, assignments }) {
    try {
      const assignment = await broker.groups.ofMember(groupId).sync(memberId, generation, assignments);
      return { errorCode: ErrorCode.NONE, assignment };
    } catch (error) {
      return { errorCode: errorCodeOf(error), assignment: Buffer.alloc(0) };
    }
  },
  encode(writer, { errorCode, assignment }, version) {
    if (version >= 1) writer.int32(0);
    writer.int16(errorCode).buffer(assignment);
  },
  refuse: (_request, errorCode) => ({ errorCode, assignment: Buffer.alloc(0) }),
});

/** Keeps a member in its group, and tells it of a rebalance. */
export const heartbeat = defineApi<
  { groupId: string; generation: number; memberId: string },
  { errorCode: number }
>({
  key: 12,
  name: 'Heartbeat',
  versions: [0, 1],
  decode: (reader) => ({ groupId: reader.string(), generation: reader.int32(), memberId: reader.string() }),
  handle: (broker, { groupId, generation, memberId }) =>
    outcomeOf(() => broker.groups.ofMember(groupId).heartbeat(memberId, generation)),
  encode: encodeOutcome,
  refuse: (_request, errorCode) => ({ errorCode }),
});

/** Ends a membership at once, in place of its session's time-out. */
export const leaveGroup = defineApi<{ groupId: string; memberId: string }, { errorCode: number }>({
  key: 13,
  name: 'LeaveGroup',
  versions: [0, 1],
  decode: (reader) => ({ groupId: reader.string(), memberId: reader.string() }),
  handle: (broker, { groupId, memberId }) => outcomeOf(() => broker.groups.ofMember(groupId).leave(memberId)),
  encode: encodeOutcome,
  refuse: (_request, errorCode) => ({ errorCode }),
});

function outcomeOf(action: () => void): Promise<{ errorCode: number }> {
  try {
    action();
    return Promise.resolve({ errorCode: ErrorCode.NONE });
  } catch (error) {
    return Promise.resolve({ errorCode: errorCodeOf(error) });
  }
}

function encodeOutcome(writer: Writer, { errorCode }: { errorCode: number }, version: number): void {
  if (version >= 1) writer.int32(0);
  writer.int16(errorCode);
}
