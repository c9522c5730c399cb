/** A client's events came without those before them: something was lost, or the log is another one. */
export class RevisionGap extends Error {
  override readonly name = 'RevisionGap';
}
