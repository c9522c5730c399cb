import type { BillingRoute } from '../../contact-book/billing-route.js';
import type { WarningCode } from '../../contact-book/warnings.js';

/** A client at a glance: counts, flags and whether its invoices reach somebody; no personal data. */
export interface ClientSummary {
  readonly contacts: number;
  /** How many of them have portal access turned on. */
  readonly portalEnabled: number;
  readonly primary: string | null;
  readonly billingDefault: string | null;
  readonly hasBillingEmail: boolean;
  readonly billingRoute: Pick<BillingRoute, 'status' | 'rule'>;
  readonly warnings: readonly WarningCode[];
}
