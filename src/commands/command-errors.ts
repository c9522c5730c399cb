import type { Revision } from '../event-log/event-store.js';

/** The command's id was used for another request before. */
export class CommandIdReused extends Error {
  override readonly name = 'CommandIdReused';
}

/** The book stands at another revision than the caller insisted on. */
export class RevisionMismatch extends Error {
  override readonly name = 'RevisionMismatch';

  constructor(readonly currentRevision: Revision) {
    super('the contact book has another revision');
  }
}

/** Others changed the book each time that this command was about to. */
export class TooManyConflicts extends Error {
  override readonly name = 'TooManyConflicts';
}

/** More commands wait than this process can serve in time. This one was not begun. */
export class TooBusy extends Error {
  override readonly name = 'TooBusy';
}
