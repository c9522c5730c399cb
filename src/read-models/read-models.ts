import { billingRouting } from './billing-routing/billing-routing.js';
import { contacts } from './contacts/contacts.js';
import { portalAccess } from './portal-access/portal-access.js';
import type { ReadModel } from './read-model.js';

/** Every read model, in each version that this build can fold and read. */
export const READ_MODELS: readonly ReadModel<object>[] = [contacts, billingRouting, portalAccess];
