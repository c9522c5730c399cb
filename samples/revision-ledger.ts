/**
 * What is known of each client's revisions: where its book stood before the demo, and where the demo's commands
 * brought it. Against that, what was received is checked.
 */
export class RevisionLedger {
  private readonly before = new Map<string, number>();
  private readonly after = new Map<string, number>();

  /** The client's book had this revision (-1: nothing was ever written) before anything was written here. */
  found(clientId: string, revision: number): void {
    this.before.set(clientId, Math.max(revision, this.before.get(clientId) ?? -1));
  }

  /** A command was answered with this revision. */
  written(clientId: string, revision: number): void {
    this.after.set(clientId, Math.max(revision, this.after.get(clientId) ?? -1));
  }

  /** Each client with something new, and the revision that it reached. */
  expected(): [clientId: string, revision: number][] {
    return [...this.after].filter(([clientId, revision]) => revision > this.lastBefore(clientId));
  }

  /**
   * What is wrong with the received revisions, one line each; empty when every client's came in order, without
   * gap and without double, and none is missing.
   */
  faultsIn(received: ReadonlyMap<string, readonly number[]>): string[] {
    const faults: string[] = [];
    for (const [clientId, revisions] of received) {
      for (const [index, revision] of revisions.slice(1).entries()) {
        const previous = revisions[index]!;
        if (revision === previous + 1) continue;
        const what = revision > previous ? 'a gap' : revision === previous ? 'a double' : 'out of order';
        faults.push(`${clientId}: revision ${revision} after ${previous} (${what})`);
      }
    }
    for (const [clientId, last] of this.expected()) {
      const revisions = received.get(clientId) ?? [];
      const first = this.lastBefore(clientId) + 1;
      if (revisions.length === 0) faults.push(`${clientId}: none of the revisions ${first} to ${last} came`);
      else if (revisions[0]! > first)
        faults.push(`${clientId}: begins at ${revisions[0]} in place of ${first}`);
      else if (revisions.at(-1)! < last)
        faults.push(`${clientId}: ends at ${revisions.at(-1)} before ${last}`);
    }
    return faults;
  }

  private lastBefore(clientId: string): number {
    return this.before.get(clientId) ?? -1;
  }
}
