import { BILLING_ROUTE, routeOf, type StoredRoute } from '../consumers/invoicing/billing-routes.js';
import type { Invoicing } from '../consumers/invoicing/invoicing.js';
import type { PublishedRecord } from '../consumers/topic/published-record.js';
import { type ClientState, Team } from './team.js';

/** The invoicing team: it needs each client's billing route, the moment that it changes. */
export class InvoicingTeam extends Team {
  private readonly routes = new Map<string, string>();

  constructor(private readonly invoicing: Invoicing) {
    super('invoicing', 'moved a billing route', 'cyan');
  }

  async knows({ key, route }: ClientState): Promise<boolean> {
    const known = await this.invoicing.recipientOf(key);
    if (known.status === 'unknown') return route.revision < 0;
    const email = known.status === 'routed' ? known.email : null;
    return known.status === route.status && email === route.email && known.gaps.length === 0;
  }

  protected meaningOf(record: PublishedRecord): string | undefined {
    if (record.type !== BILLING_ROUTE) return undefined;
    const before = this.routes.get(record.key) ?? 'nobody';
    const after = shown(routeOf(record, new Date()));
    this.routes.set(record.key, after);
    return after === before ? undefined : `invoices go to ${after} (before: ${before})`;
  }
}

const WORDS = {
  billing_email: 'the billing email',
  billing_default: 'the billing default',
  primary: 'the primary',
} as const;

function shown({ email, rule }: StoredRoute): string {
  return rule === 'none' ? 'nobody' : `${email}, ${WORDS[rule]}`;
}
