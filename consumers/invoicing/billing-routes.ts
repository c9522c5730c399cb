import type { Collection, Db } from 'mongodb';
import type { PublishedRecord } from '../topic/published-record.js';
import { type Revised, storeNewer } from '../topic/store-newer.js';

export const BILLING_ROUTE = 'client-contacts.billing-route.v1';

export type Rule = 'billing_email' | 'billing_default' | 'primary' | 'none';

/** What a billing-route record says, as far as invoicing keeps it. */
interface BillingRouteValue {
  readonly status: 'routed' | 'unroutable';
  readonly rule: Rule;
  readonly email: string | null;
  readonly contactId: string | null;
  readonly passedOver: readonly {
    readonly rule: Rule;
    readonly contactId?: string;
    readonly reason: string;
  }[];
}

/** A client's billing route as of a revision; its id is `<workspace>/<client>`. */
export interface StoredRoute extends Revised, BillingRouteValue {
  readonly partition: number;
  /** When the event store recorded what made the route so. */
  readonly recordedAt: Date;
  /** When it was first stored here. */
  readonly knownAt: Date;
}

/** The route that a record says; the record is a billing-route one. */
export function routeOf(record: PublishedRecord, knownAt: Date): StoredRoute {
  const { key, revision, partition, time, value } = record;
  const { status, rule, email, contactId, passedOver } = value as unknown as BillingRouteValue;
  return {
    _id: key,
    revision: revision!,
    status,
    rule,
    email,
    contactId,
    passedOver,
    partition,
    recordedAt: time,
    knownAt,
  };
}

/** Each client's billing route. A route is replaced whole: of whom it no longer names, nothing stays. */
export class BillingRoutes {
  private readonly routes: Collection<StoredRoute>;

  constructor(database: Db) {
    this.routes = database.collection('billing_routes');
  }

  /** Takes in the billing-route records among these, in whatever order and however often they come. */
  async take(records: readonly PublishedRecord[], now: Date): Promise<void> {
    const routes = records.filter(({ type }) => type === BILLING_ROUTE);
    await storeNewer(
      this.routes,
      routes.map((record) => routeOf(record, now)),
    );
  }

  async of(client: string): Promise<StoredRoute | undefined> {
    return (await this.routes.findOne({ _id: client })) ?? undefined;
  }
}
