import type { Broker } from '../broker.js';
import { defineApi } from '../protocol/api.js';
import { ErrorCode, errorCodeOf } from '../protocol/error-codes.js';

interface DescribedGroup {
  errorCode: number;
  groupId: string;
  state: string;
  protocolType: string;
  protocol: string;
  members: { memberId: string; clientId: string; clientHost: string; metadata: Buffer; assignment: Buffer }[];
}

/** State and members of groups. */
export const describeGroups = defineApi<{ groupIds: string[] }, { groups: DescribedGroup[] }>({
  key: 15,
  name: 'DescribeGroups',
  versions: [0, 1],
  decode: (reader) => ({ groupIds: reader.array((r) => r.string()) }),
  handle: (broker, { groupIds }) =>
    Promise.resolve({ groups: groupIds.map((groupId) => describe(broker, groupId)) }),
  encode(writer, { groups }, version) {
    if (version >= 1) writer.int32(0);
    writer.array(groups, ({ errorCode, groupId, state, protocolType, protocol, members }) => {
      writer.int16(errorCode).string(groupId).string(state).string(protocolType).string(protocol);
      writer.array(members, ({ memberId, clientId, clientHost, metadata, assignment }) =>
        writer.string(memberId).string(clientId).string(clientHost).buffer(metadata).buffer(assignment),
      );
    });
  },
  refuse: ({ groupIds }, errorCode) => ({
    groups: groupIds.map((groupId) => ({
      errorCode,
      groupId,
      state: '',
      protocolType: '',
      protocol: '',
      members: [],
    })),
  }),
});

function describe({ groups }: Broker, groupId: string): DescribedGroup {
  const state = groups.state(groupId);
  const group = groups.find(groupId);
  return {
    errorCode: ErrorCode.NONE,
    groupId,
    state,
    protocolType: group?.protocolType || groups.offsets.protocolType(groupId),
    protocol: state === 'Stable' ? group!.protocol : '',
    members: group?.description ?? [],
  };
}

interface ListedGroups {
  errorCode: number;
  groups: { groupId: string; protocolType: string }[];
}

/** All groups that have committed or whose members got together. */
export const listGroups = defineApi<null, ListedGroups>({
  key: 16,
  name: 'ListGroups',
  versions: [0, 1],
  decode: () => null,
  handle: ({ groups }) =>
    Promise.resolve({
      errorCode: ErrorCode.NONE,
      groups: groups.offsets.all().map(({ group, protocolType }) => ({ groupId: group, protocolType })),
    }),
  encode(writer, { errorCode, groups }, version) {
    if (version >= 1) writer.int32(0);
    writer.int16(errorCode);
    writer.array(groups, ({ groupId, protocolType }) => writer.string(groupId).string(protocolType));
  },
  refuse: (_request, errorCode) => ({ errorCode, groups: [] }),
});

/** Deletes groups without members, and their offsets. */
export const deleteGroups = defineApi<
  { groupIds: string[] },
  { results: { groupId: string; errorCode: number }[] }
>({
  key: 42,
  name: 'DeleteGroups',
  versions: [0, 1],
  decode: (reader) => ({ groupIds: reader.array((r) => r.string()) }),
  async handle({ groups }, { groupIds }) {
    const results = await Promise.all(
      groupIds.map(async (groupId) => {
        try {
          await groups.delete(groupId);
          return { groupId, errorCode: ErrorCode.NONE };
        } catch (error) {
          return { groupId, errorCode: errorCodeOf(error) };
        }
      }),
    );
    return { results };
  },
  encode(writer, { results }) {
    writer.int32(0);
    writer.array(results, ({ groupId, errorCode }) => writer.string(groupId).int16(errorCode));
  },
  refuse: ({ groupIds }, errorCode) => ({ results: groupIds.map((groupId) => ({ groupId, errorCode })) }),
});
