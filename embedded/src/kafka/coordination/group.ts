import { randomUUID } from 'node:crypto';
import { KafkaError } from '../protocol/error-codes.js';

export interface OfferedProtocol {
  name: string;
  metadata: Buffer;
}

export interface JoinRequest {
  memberId: string;
  clientId: string;
  clientHost: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocolType: string;
  protocols: OfferedProtocol[];
}

export interface Joined {
  generation: number;
  protocol: string;
  leader: string;
  memberId: string;
  /** For the leader only: everybody, with what they offered for the chosen protocol. */
  members: { memberId: string; metadata: Buffer }[];
}

interface Waiting<T> {
  resolve: (value: T) => void;
  reject: (error: KafkaError) => void;
}

interface Member extends Omit<JoinRequest, 'protocolType'> {
  assignment: Buffer;
  joining?: Waiting<Joined> | undefined;
  syncing?: Waiting<Buffer> | undefined;
  session?: NodeJS.Timeout;
}

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable';

const NO_BYTES = Buffer.alloc(0);

/**
 * One consumer group's membership. A rebalance gathers every known member (or goes on without those who are late), raises the
 * generation, lets the leader assign, and hands the assignments out.
 */
export class Group {
  state: GroupState = 'Empty';
  generation = 0;
  protocolType = '';
  protocol = '';
  private leader = '';
  private readonly members = new Map<string, Member>();
  /** Ids that were given to clients who are expected to join with them. */
  private readonly announced = new Map<string, NodeJS.Timeout>();
  private rebalanceTimer: NodeJS.Timeout | undefined;

  /** `onFormed` is told when members got together in a new generation. */
  constructor(private readonly onFormed: (protocolType: string) => void) {}

  get description(): {
    memberId: string;
    clientId: string;
    clientHost: string;
    metadata: Buffer;
    assignment: Buffer;
  }[] {
    return [...this.members.values()].map((member) => ({
      memberId: member.memberId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      metadata: this.state === 'Stable' ? offered(member, this.protocol) : NO_BYTES,
      assignment: this.state === 'Stable' ? member.assignment : NO_BYTES,
    }));
  }

  /** Gives a newcomer the id to join with: one whose answer gets lost then leaves no member behind that nobody is. */
  announce(clientId: string, sessionTimeoutMs: number): string {
    const memberId = newMemberId(clientId);
    const timer = setTimeout(() => this.announced.delete(memberId), sessionTimeoutMs).unref();
    this.announced.set(memberId, timer);
    return memberId;
  }

  join(request: JoinRequest): Promise<Joined> {
    const isAnnounced = this.announced.has(request.memberId);
    if (request.memberId !== '' && !isAnnounced && !this.members.has(request.memberId)) {
      throw new KafkaError('UNKNOWN_MEMBER_ID');
    }
    if (!this.accepts(request)) throw new KafkaError('INCONSISTENT_GROUP_PROTOCOL');
    clearTimeout(this.announced.get(request.memberId));
    this.announced.delete(request.memberId);
    this.protocolType = request.protocolType;
    const known = this.members.get(request.memberId);
    const member: Member = known ?? {
      ...request,
      memberId: request.memberId || newMemberId(request.clientId),
      assignment: NO_BYTES,
    };
    const changed = !known || !sameProtocols(known.protocols, request.protocols);
    member.protocols = request.protocols;
    member.sessionTimeoutMs = request.sessionTimeoutMs;
    member.rebalanceTimeoutMs = request.rebalanceTimeoutMs;
    this.members.set(member.memberId, member);
    this.keepAlive(member);
    if (!changed && this.state === 'CompletingRebalance') return Promise.resolve(this.joinedAs(member));
    if (!changed && this.state === 'Stable' && member.memberId !== this.leader) {
      return Promise.resolve(this.joinedAs(member));
    }
    const joined = new Promise<Joined>((resolve, reject) => {
      member.joining?.reject(new KafkaError('UNKNOWN_MEMBER_ID'));
      member.joining = { resolve, reject };
    });
    this.rebalance();
    return joined;
  }

  sync(
    memberId: string,
    generation: number,
    assignments: { memberId: string; assignment: Buffer }[],
  ): Promise<Buffer> {
    const member = this.memberOf(memberId, generation);
    this.keepAlive(member);
    if (this.state === 'PreparingRebalance') throw new KafkaError('REBALANCE_IN_PROGRESS');
    if (this.state === 'Stable') return Promise.resolve(member.assignment);
    const synced = new Promise<Buffer>((resolve, reject) => (member.syncing = { resolve, reject }));
    if (memberId === this.leader) this.assign(assignments);
    return synced;
  }

  heartbeat(memberId: string, generation: number): void {
    this.keepAlive(this.memberOf(memberId, generation));
    if (this.state === 'PreparingRebalance') throw new KafkaError('REBALANCE_IN_PROGRESS');
  }

  leave(memberId: string): void {
    const member = this.members.get(memberId);
    if (!member) throw new KafkaError('UNKNOWN_MEMBER_ID');
    this.remove(member);
  }

  /** Throws unless this member, or with no generation somebody outside an empty group, may commit offsets. */
  assertMayCommit(memberId: string, generation: number): void {
    if (this.members.size === 0) {
      if (generation >= 0) throw new KafkaError('ILLEGAL_GENERATION');
      return;
    }
    this.keepAlive(this.memberOf(memberId, generation));
    if (this.state === 'CompletingRebalance') throw new KafkaError('REBALANCE_IN_PROGRESS');
  }

  /** Ends the timers, when the broker stops. */
  stop(): void {
    clearTimeout(this.rebalanceTimer);
    for (const { session } of this.members.values()) clearTimeout(session);
    for (const timer of this.announced.values()) clearTimeout(timer);
  }

  private accepts({ protocolType, protocols, memberId }: JoinRequest): boolean {
    if (protocolType === '' || protocols.length === 0) return false;
    const others = [...this.members.values()].filter((member) => member.memberId !== memberId);
    if (others.length === 0) return true;
    return (
      protocolType === this.protocolType &&
      protocols.some(({ name }) => others.every((member) => offers(member, name)))
    );
  }

  private memberOf(memberId: string, generation: number): Member {
    const member = this.members.get(memberId);
    if (!member) throw new KafkaError('UNKNOWN_MEMBER_ID');
    if (generation !== this.generation) throw new KafkaError('ILLEGAL_GENERATION');
    return member;
  }

  private rebalance(): void {
    if (this.state !== 'PreparingRebalance') {
      for (const member of this.members.values()) {
        member.syncing?.reject(new KafkaError('REBALANCE_IN_PROGRESS'));
        member.syncing = undefined;
        member.assignment = NO_BYTES;
      }
      this.state = 'PreparingRebalance';
      const patience = Math.max(0, ...[...this.members.values()].map((member) => member.rebalanceTimeoutMs));
      this.rebalanceTimer = setTimeout(() => this.form(), patience).unref();
    }
    if ([...this.members.values()].every(({ joining }) => joining)) this.form();
  }

  /** Begins the next generation with the members who have joined. */
  private form(): void {
    clearTimeout(this.rebalanceTimer);
    for (const member of this.members.values()) {
      if (member.joining) continue;
      clearTimeout(member.session);
      this.members.delete(member.memberId);
    }
    this.generation += 1;
    if (this.members.size === 0) {
      this.state = 'Empty';
      this.protocol = '';
      this.leader = '';
      return;
    }
    this.state = 'CompletingRebalance';
    this.protocol = this.voteForProtocol();
    if (!this.members.has(this.leader)) this.leader = [...this.members.keys()][0]!;
    for (const member of this.members.values()) {
      this.keepAlive(member);
      member.joining?.resolve(this.joinedAs(member));
      member.joining = undefined;
    }
    this.onFormed(this.protocolType);
  }

  private assign(assignments: { memberId: string; assignment: Buffer }[]): void {
    const assigned = new Map(assignments.map(({ memberId, assignment }) => [memberId, assignment]));
    this.state = 'Stable';
    for (const member of this.members.values()) {
      // A copy: the request's bytes need not stay for it.
      member.assignment = Buffer.from(assigned.get(member.memberId) ?? NO_BYTES);
      this.keepAlive(member);
      member.syncing?.resolve(member.assignment);
      member.syncing = undefined;
    }
  }

  private joinedAs(member: Member): Joined {
    const isLeader = member.memberId === this.leader;
    return {
      generation: this.generation,
      protocol: this.protocol,
      leader: this.leader,
      memberId: member.memberId,
      members: isLeader
        ? [...this.members.values()].map((each) => ({
            memberId: each.memberId,
            metadata: offered(each, this.protocol),
          }))
        : [],
    };
  }

  /** Each member votes for the first of its protocols that everybody offers. */
  private voteForProtocol(): string {
    const members = [...this.members.values()];
    const votes = new Map<string, number>();
    for (const { protocols } of members) {
      const choice = protocols.find(({ name }) => members.every((member) => offers(member, name)))!.name;
      votes.set(choice, (votes.get(choice) ?? 0) + 1);
    }
    return [...votes].reduce((best, candidate) => (candidate[1] > best[1] ? candidate : best))[0];
  }

  private keepAlive(member: Member): void {
    clearTimeout(member.session);
    member.session = setTimeout(() => {
      if (member.joining || member.syncing) this.keepAlive(member);
      else this.remove(member);
    }, member.sessionTimeoutMs).unref();
  }

  private remove(member: Member): void {
    clearTimeout(member.session);
    this.members.delete(member.memberId);
    member.joining?.reject(new KafkaError('UNKNOWN_MEMBER_ID'));
    member.syncing?.reject(new KafkaError('UNKNOWN_MEMBER_ID'));
    this.rebalance();
  }
}

function newMemberId(clientId: string): string {
  return `${clientId}-${randomUUID()}`;
}

function offers({ protocols }: Member, name: string): boolean {
  return protocols.some((protocol) => protocol.name === name);
}

function offered({ protocols }: Member, name: string): Buffer {
  return protocols.find((protocol) => protocol.name === name)?.metadata ?? NO_BYTES;
}

function sameProtocols(one: OfferedProtocol[], other: OfferedProtocol[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ name, metadata }, i) => name === other[i]!.name && metadata.equals(other[i]!.metadata))
  );
}
