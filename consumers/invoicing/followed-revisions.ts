/** Revisions of a client that did not come, first and last. */
export interface RevisionGap {
  readonly from: number;
  readonly to: number;
}

export interface FollowedRevisions {
  /** The highest revision that came. */
  readonly revision: number;
  readonly gaps: readonly RevisionGap[];
}

/**
 * What is known of a client's revisions after more of them came, in their order. They are contiguous from the first one
 * that is seen; one that was seen before changes nothing.
 */
export function followed(
  before: FollowedRevisions | undefined,
  revisions: readonly number[],
): FollowedRevisions | undefined {
  let { revision, gaps } = before ?? { revision: undefined, gaps: [] as readonly RevisionGap[] };
  for (const next of revisions) {
    if (revision !== undefined && next <= revision) continue;
    if (revision !== undefined && next > revision + 1) gaps = [...gaps, { from: revision + 1, to: next - 1 }];
    revision = next;
  }
  return revision === undefined ? undefined : { revision, gaps };
}
