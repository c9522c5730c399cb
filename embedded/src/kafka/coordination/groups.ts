import { KafkaError } from '../protocol/error-codes.js';
import type { GroupOffsets } from './group-offsets.js';
import { Group, type GroupState } from './group.js';

/** The groups of consumers: who is in them (forgotten when the broker ends: members join again) and what they committed. */
export class Groups {
  private readonly groups = new Map<string, Group>();

  constructor(
    readonly offsets: GroupOffsets,
    private readonly log: (line: string) => void,
  ) {}

  /** The group, which comes to be by being asked for. Throws INVALID_GROUP_ID. */
  get(id: string): Group {
    if (id === '') throw new KafkaError('INVALID_GROUP_ID');
    const known = this.groups.get(id);
    if (known) return known;
    const group = new Group((protocolType) => {
      this.offsets
        .register(id, protocolType)
        .catch(() => this.log('kafka: a consumer group could not be stored'));
    });
    this.groups.set(id, group);
    return group;
  }

  /** The group of somebody who says to be a member. Throws INVALID_GROUP_ID or UNKNOWN_MEMBER_ID. */
  ofMember(id: string): Group {
    if (id === '') throw new KafkaError('INVALID_GROUP_ID');
    const group = this.groups.get(id);
    if (!group) throw new KafkaError('UNKNOWN_MEMBER_ID');
    return group;
  }

  /** The group when it has members, or had. */
  find(id: string): Group | undefined {
    return this.groups.get(id);
  }

  /** `Dead` is what Kafka says of a group that there isn't. */
  state(id: string): GroupState | 'Dead' {
    const group = this.groups.get(id);
    if (group && group.state !== 'Empty') return group.state;
    return this.offsets.has(id) ? 'Empty' : 'Dead';
  }

  /** Throws GROUP_ID_NOT_FOUND or NON_EMPTY_GROUP. */
  async delete(id: string): Promise<void> {
    const state = this.state(id);
    if (state === 'Dead') throw new KafkaError('GROUP_ID_NOT_FOUND');
    if (state !== 'Empty') throw new KafkaError('NON_EMPTY_GROUP');
    this.groups.delete(id);
    await this.offsets.delete(id);
  }

  stop(): void {
    for (const group of this.groups.values()) group.stop();
  }
}
