import { setTimeout as sleep } from 'node:timers/promises';

/** Whoever raises a number for as long as they live. */
interface Beating {
  readonly _id: string;
  readonly beat: number;
}

/**
 * Who of them lives. That is told by watching them, no clocks are compared: one whose beat stands still for so long,
 * in milliseconds, is dead. Takes that long only where there is one to doubt.
 */
export async function living(
  look: () => Promise<readonly Beating[]>,
  observedMs: number,
): Promise<ReadonlySet<string>> {
  const first = new Map((await look()).map(({ _id, beat }) => [_id, beat]));
  const alive = new Set<string>();
  const until = performance.now() + observedMs;
  while ([...first.keys()].some((id) => !alive.has(id)) && performance.now() < until) {
    await sleep(observedMs / 10);
    for (const { _id, beat } of await look()) if (first.get(_id) !== beat) alive.add(_id);
  }
  return alive;
}
