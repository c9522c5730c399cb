/** What a person may be in a workspace and have access; a member has none to clients at all. */
export type Role = 'owner' | 'admin' | 'manager';

/** What a service's token must carry for an endpoint. */
export type Scope = 'contacts:write' | 'contacts:read' | 'routing:read' | 'portal:read';

/** Who may use an endpoint: people with one of these roles in the workspace of the path, services with this scope. */
export interface Access {
  readonly people: readonly Role[];
  readonly services: Scope;
}

/** By `METHOD path`, as the routes are declared; what has no row lets nobody in. */
export type AccessTable = Readonly<Record<string, Access | 'anyone'>>;

const MANAGING: readonly Role[] = ['owner', 'admin', 'manager'];
const writes: Access = { people: MANAGING, services: 'contacts:write' };
const readsContacts: Access = { people: MANAGING, services: 'contacts:read' };
const readsRouting: Access = { people: MANAGING, services: 'routing:read' };
const readsPortal: Access = { people: MANAGING, services: 'portal:read' };

const WORKSPACE = '/v1/workspaces/:workspaceId';
const CLIENT = `${WORKSPACE}/clients/:clientId`;

/** The one place that says who may do what. */
export const ACCESS_TABLE: AccessTable = {
  [`GET ${CLIENT}/contacts`]: readsContacts,
  [`GET ${CLIENT}/contacts/:contactId`]: readsContacts,
  [`POST ${CLIENT}/contacts`]: writes,
  [`PUT ${CLIENT}/contacts`]: writes,
  [`PATCH ${CLIENT}/contacts/:contactId`]: writes,
  [`DELETE ${CLIENT}/contacts/:contactId`]: writes,
  [`PUT ${CLIENT}/contacts/:contactId/portal-access`]: writes,
  [`PUT ${CLIENT}/primary`]: writes,
  [`PUT ${CLIENT}/billing-default`]: writes,
  [`PUT ${CLIENT}/billing-email`]: writes,
  [`GET ${CLIENT}/billing-route`]: readsRouting,
  [`GET ${CLIENT}/history`]: readsContacts,
  [`GET ${WORKSPACE}/clients`]: readsContacts,
  [`POST ${WORKSPACE}/contacts/search`]: readsContacts,
  [`GET ${WORKSPACE}/billing-routes`]: readsRouting,
  [`POST ${WORKSPACE}/billing-routes/batch`]: readsRouting,
  [`POST ${WORKSPACE}/portal-access/look-up`]: readsPortal,
  'GET /health/live': 'anyone',
  'GET /problems': 'anyone',
  'GET /problems/:code': 'anyone',
};
