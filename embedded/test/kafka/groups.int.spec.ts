import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AssignerProtocol, type Admin, type Consumer } from 'kafkajs';
import {
  connectWire,
  coordinatorReady,
  createTopic,
  eventually,
  kafka,
  producerOf,
  unique,
  type WireBroker,
} from './client.js';

describe('groups', () => {
  let wire: WireBroker;
  let admin: Admin;
  let groupId: string;

  beforeAll(async () => {
    wire = await connectWire();
    await coordinatorReady(wire);
    admin = kafka.admin();
    await admin.connect();
  });
  afterAll(async () => {
    await wire.disconnect();
    await admin.disconnect();
  });
  beforeEach(() => {
    groupId = unique('group');
  });

  interface Membership {
    generationId: number;
    memberId: string;
    leaderId: string;
    members: { memberId: string }[];
  }

  /** Joins, the second time where the broker wants a new member to come with the id that it was given. */
  async function join(memberId = '', via = wire): Promise<Membership> {
    const request = {
      groupId,
      sessionTimeout: 6000,
      rebalanceTimeout: 10_000,
      protocolType: 'consumer',
      groupProtocols: [{ name: 'p', metadata: Buffer.from('offered') }],
    };
    try {
      return await via.joinGroup({ ...request, memberId });
    } catch (error) {
      const given = (error as { memberId?: string }).memberId;
      if (memberId === '' && given) return via.joinGroup({ ...request, memberId: given });
      throw error;
    }
  }

  const sync = (
    { memberId, generationId }: Membership,
    assignment: Record<string, string> = {},
    via = wire,
  ) =>
    via.syncGroup({
      groupId,
      generationId,
      memberId,
      groupAssignment: Object.entries(assignment).map(([id, text]) => ({
        memberId: id,
        memberAssignment: Buffer.from(text),
      })),
    });

  const heartbeat = ({ memberId, generationId }: Membership) =>
    wire.heartbeat({ groupId, groupGenerationId: generationId, memberId });

  describe('of members', () => {
    it('make the first its leader, and hand out what it assigns', async () => {
      const member = await join();
      expect(member.leaderId).toBe(member.memberId);
      expect(member.members.map(({ memberId }) => memberId)).toEqual([member.memberId]);
      const { memberAssignment } = await sync(member, { [member.memberId]: 'yours' });
      expect(String(memberAssignment)).toBe('yours');
      await heartbeat(member);
    });

    it('form a new generation when one joins: the members learn of it by heartbeat, and each gets its assignment', async () => {
      const first = await join();
      await sync(first, { [first.memberId]: 'all' });
      const other = await connectWire();
      const joining = join('', other);
      await eventually(() =>
        heartbeat(first).then(
          () => undefined,
          (error: { type: string }) => (error.type === 'REBALANCE_IN_PROGRESS' ? true : undefined),
        ),
      );
      const again = await join(first.memberId);
      const second = await joining;
      expect(again.generationId).toBe(second.generationId);
      expect(again.generationId).toBeGreaterThan(first.generationId);
      expect(again.members).toHaveLength(2);
      expect(second.members).toHaveLength(0);
      const following = sync(second, {}, other);
      const led = await sync(again, { [again.memberId]: 'left', [second.memberId]: 'right' });
      expect([String(led.memberAssignment), String((await following).memberAssignment)]).toEqual([
        'left',
        'right',
      ]);
      await expect(heartbeat(first)).rejects.toMatchObject({ type: 'ILLEGAL_GENERATION' });
      await other.disconnect();
    });

    it('do not know one who has left', async () => {
      const member = await join();
      await sync(member, { [member.memberId]: 'all' });
      await wire.leaveGroup({ groupId, memberId: member.memberId });
      await expect(heartbeat(member)).rejects.toMatchObject({ type: 'UNKNOWN_MEMBER_ID' });
    });

    it('do not know one who has been silent for its session time-out', async () => {
      const member = await join();
      await sync(member, { [member.memberId]: 'all' });
      const { groups } = await eventually(async () => {
        const described = await admin.describeGroups([groupId]);
        return described.groups[0]!.members.length === 0 ? described : undefined;
      });
      expect(groups[0]!.state).toBe('Empty');
      await expect(heartbeat(member)).rejects.toMatchObject({ type: 'UNKNOWN_MEMBER_ID' });
    });

    it('commit in their generation only', async () => {
      const topic = await createTopic();
      const member = await join();
      await sync(member, { [member.memberId]: 'all' });
      const commit = (groupGenerationId: number, memberId: string) =>
        wire.offsetCommit({
          groupId,
          groupGenerationId,
          memberId,
          topics: [{ topic, partitions: [{ partition: 0, offset: '1', metadata: null }] }],
        });
      await commit(member.generationId, member.memberId);
      const late = commit(member.generationId - 1, member.memberId);
      await expect(late).rejects.toMatchObject({ type: 'ILLEGAL_GENERATION' });
      const stranger = commit(member.generationId, 'stranger');
      await expect(stranger).rejects.toMatchObject({ type: 'UNKNOWN_MEMBER_ID' });
      const outsider = commit(-1, '');
      await expect(outsider).rejects.toMatchObject({ type: 'UNKNOWN_MEMBER_ID' });
    });

    it('refuse a session time-out below 6 s, a member id that they did not give, and a protocol that nobody else speaks', async () => {
      const request = {
        groupId,
        sessionTimeout: 6000,
        rebalanceTimeout: 6000,
        protocolType: 'consumer',
        groupProtocols: [{ name: 'other', metadata: Buffer.alloc(0) }],
        memberId: '',
      };
      await expect(wire.joinGroup({ ...request, sessionTimeout: 100 })).rejects.toMatchObject({
        type: 'INVALID_SESSION_TIMEOUT',
      });
      await expect(wire.joinGroup({ ...request, memberId: 'invented' })).rejects.toMatchObject({
        type: 'UNKNOWN_MEMBER_ID',
      });
      const member = await join();
      await sync(member, { [member.memberId]: 'all' });
      await expect(wire.joinGroup(request)).rejects.toMatchObject({ type: 'INCONSISTENT_GROUP_PROTOCOL' });
    });
  });

  describe('of kafkajs consumers', () => {
    const consumers: Consumer[] = [];

    async function consumer(topic: string, onValue: (value: string) => void): Promise<Consumer> {
      const started = kafka.consumer({
        groupId,
        maxWaitTimeInMs: 100,
        heartbeatInterval: 200,
        sessionTimeout: 6000,
      });
      consumers.push(started);
      await started.connect();
      await started.subscribe({ topic, fromBeginning: true });
      await started.run({
        eachMessage: ({ message }) => Promise.resolve(onValue(String(message.value))),
      });
      return started;
    }

    afterAll(() => Promise.all(consumers.map((each) => each.disconnect())));

    async function assignedPartitions(): Promise<number[]> {
      const { groups } = await admin.describeGroups([groupId]);
      return groups[0]!.members
        .map(
          ({ memberAssignment }) =>
            Object.values(AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {}).flat()
              .length,
        )
        .toSorted((one, other) => one - other);
    }

    it('share the partitions, and the one that stays takes over from the one that leaves', async () => {
      const topic = await createTopic({ numPartitions: 4 });
      const seen: string[] = [];
      const first = await consumer(topic, (value) => seen.push(value));
      const second = await consumer(topic, (value) => seen.push(value));
      await eventually(async () => (String(await assignedPartitions()) === '2,2' ? true : undefined));
      await second.disconnect();
      await eventually(async () => (String(await assignedPartitions()) === '4' ? true : undefined));
      const producer = producerOf(kafka);
      await producer.connect();
      await producer.send({
        topic,
        messages: [0, 1, 2, 3].map((partition) => ({ value: `in ${partition}`, partition })),
      });
      await producer.disconnect();
      await eventually(() => Promise.resolve(seen.length >= 4 ? true : undefined));
      expect(seen.toSorted()).toEqual(['in 0', 'in 1', 'in 2', 'in 3']);
      await first.disconnect();
    });

    it('go on behind what the group committed', async () => {
      const topic = await createTopic();
      const producer = producerOf(kafka);
      await producer.connect();
      await producer.send({ topic, messages: [{ value: 'one' }] });
      const before: string[] = [];
      const first = await consumer(topic, (value) => before.push(value));
      await eventually(() => Promise.resolve(before.length === 1 ? true : undefined));
      await first.disconnect();
      await producer.send({ topic, messages: [{ value: 'two' }] });
      await producer.disconnect();
      const after: string[] = [];
      const second = await consumer(topic, (value) => after.push(value));
      await eventually(() => Promise.resolve(after.length >= 1 ? true : undefined));
      expect(after).toEqual(['two']);
      await second.disconnect();
    });
  });

  describe('under administration', () => {
    it('are listed and described with their members, and deleted only when these are gone', async () => {
      const member = await join();
      await sync(member, { [member.memberId]: 'all' });
      const listed = await admin.listGroups();
      expect(listed.groups).toContainEqual({ groupId, protocolType: 'consumer' });
      const { groups } = await admin.describeGroups([groupId]);
      expect(groups[0]).toMatchObject({
        errorCode: 0,
        groupId,
        state: 'Stable',
        protocolType: 'consumer',
        protocol: 'p',
        members: [{ memberId: member.memberId, clientId: 'conformance', clientHost: '/127.0.0.1' }],
      });
      expect(String(groups[0]!.members[0]!.memberAssignment)).toBe('all');
      expect(String(groups[0]!.members[0]!.memberMetadata)).toBe('offered');
      await expect(admin.deleteGroups([groupId])).rejects.toMatchObject({
        groups: [{ groupId, error: { type: 'NON_EMPTY_GROUP' } }],
      });
      await wire.leaveGroup({ groupId, memberId: member.memberId });
      await admin.deleteGroups([groupId]);
      expect((await admin.listGroups()).groups).not.toContainEqual(expect.objectContaining({ groupId }));
    });

    it('are Dead when there are none', async () => {
      const { groups } = await admin.describeGroups([groupId]);
      expect(groups[0]).toMatchObject({ errorCode: 0, state: 'Dead', members: [] });
      await expect(admin.deleteGroups([groupId])).rejects.toMatchObject({
        groups: [{ groupId, error: { type: 'GROUP_ID_NOT_FOUND' } }],
      });
    });
  });
});
