const MOST_SESSIONS = 10_000;
const MOST_BYTES = 64 * 1024 * 1024;

export interface RememberedResult {
  session: string;
  transaction: bigint;
  reply: Uint8Array;
}

/** The answer to the last retryable write of each session, the least recent sessions forgotten first. */
export class RememberedResults {
  private readonly bySession = new Map<string, RememberedResult>();
  private bytes = 0;

  find(session: string): RememberedResult | undefined {
    return this.bySession.get(session);
  }

  add(session: string, transaction: bigint, reply: Uint8Array): void {
    this.forget(session);
    this.bySession.set(session, { session, transaction, reply });
    this.bytes += reply.length;
    for (const oldest of this.bySession.keys()) {
      if (this.bySession.size <= MOST_SESSIONS && this.bytes <= MOST_BYTES) break;
      if (oldest !== session) this.forget(oldest);
    }
  }

  forget(session: string): void {
    this.bytes -= this.bySession.get(session)?.reply.length ?? 0;
    this.bySession.delete(session);
  }

  entries(): Iterable<RememberedResult> {
    return this.bySession.values();
  }
}
