import createClient from 'openapi-fetch';
import type { paths } from '../../contracts/openapi.js';
import type { PortalLookUp } from './sign-in.js';

const DEADLINE_MS = 5_000;

/** The service did not say who has an address. The message holds the status of its answer, never the address. */
export class LookUpRefused extends Error {
  override readonly name = 'LookUpRefused';
}

/** Asks the service at this address, with a token of the scope `portal:read`. Raises LookUpRefused, and fetch's errors. */
export function portalLookUp(apiUrl: string, token: string): PortalLookUp {
  const api = createClient<paths>({ baseUrl: apiUrl, headers: { authorization: `Bearer ${token}` } });
  return async (workspaceId, email) => {
    const { data, response } = await api.POST('/v1/workspaces/{workspaceId}/portal-access/look-up', {
      params: { path: { workspaceId } },
      // In the body: an address in a URL would stand in logs.
      body: { email },
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    if (!data) throw new LookUpRefused(`the look-up was answered ${response.status}`);
    return data;
  };
}
