import type { ReadModel } from '../read-model.js';

/** The contact book as it stands: the document's book is all of it, so the view adds nothing yet. */
export const contacts: ReadModel<object> = {
  name: 'contacts',
  version: 1,
  indexes: [{ key: { workspaceId: 1, clientId: 1 } }],
  view: () => ({}),
};
