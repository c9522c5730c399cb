import { type BillingRoute, billingRoute } from '../../contact-book/billing-route.js';
import type { ReadModel } from '../read-model.js';

/** Who receives this client's invoices, and why. */
export const billingRouting: ReadModel<BillingRoute> = {
  name: 'billing_routing',
  version: 1,
  indexes: [{ key: { workspaceId: 1, 'view.status': 1, clientId: 1 } }],
  view: billingRoute,
};
