import type { CommittedOffset, StateLog, StateRecord } from './state-log.js';

interface StoredGroup {
  protocolType: string;
  offsets: Map<string, CommittedOffset>;
}

/** The offsets that consumer groups committed. They don't expire here, however long a group is empty. */
export class GroupOffsets {
  private readonly groups = new Map<string, StoredGroup>();
  private state!: StateLog;

  replay(record: StateRecord): void {
    if (record.type === 'offsets') this.remember(record.group, record.committed);
    else if (record.type === 'group') this.group(record.group).protocolType = record.protocolType;
    else if (record.type === 'group-deleted') this.groups.delete(record.group);
    else if (record.type === 'topic-deleted') this.forgetTopic(record.name);
  }

  dump(): StateRecord[] {
    return [...this.groups].flatMap(([group, { protocolType, offsets }]): StateRecord[] => [
      { type: 'group', group, protocolType },
      { type: 'offsets', group, committed: [...offsets.values()] },
    ]);
  }

  start(state: StateLog): void {
    this.state = state;
  }

  /** The groups that have committed or formed, and their protocol type (`''` where no member ever joined). */
  all(): { group: string; protocolType: string }[] {
    return [...this.groups].map(([group, { protocolType }]) => ({ group, protocolType }));
  }

  has(group: string): boolean {
    return this.groups.has(group);
  }

  protocolType(group: string): string {
    return this.groups.get(group)?.protocolType ?? '';
  }

  find(group: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.groups.get(group)?.offsets.get(key(topic, partition));
  }

  of(group: string): CommittedOffset[] {
    return [...(this.groups.get(group)?.offsets.values() ?? [])];
  }

  async commit(group: string, committed: CommittedOffset[]): Promise<void> {
    if (committed.length === 0) return;
    await this.state.append({ type: 'offsets', group, committed });
    this.remember(group, committed);
  }

  /** Makes a group known that has no offsets yet. */
  async register(group: string, protocolType: string): Promise<void> {
    if (this.groups.get(group)?.protocolType === protocolType) return;
    await this.state.append({ type: 'group', group, protocolType });
    this.group(group).protocolType = protocolType;
  }

  async delete(group: string): Promise<void> {
    await this.state.append({ type: 'group-deleted', group });
    this.groups.delete(group);
  }

  forgetTopic(topic: string): void {
    for (const { offsets } of this.groups.values()) {
      for (const [name, committed] of offsets) if (committed.topic === topic) offsets.delete(name);
    }
  }

  private remember(group: string, committed: readonly CommittedOffset[]): void {
    const { offsets } = this.group(group);
    for (const entry of committed) offsets.set(key(entry.topic, entry.partition), entry);
  }

  private group(name: string): StoredGroup {
    const known = this.groups.get(name) ?? { protocolType: '', offsets: new Map() };
    this.groups.set(name, known);
    return known;
  }
}

function key(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
