import { z } from 'zod';
import type { PortalLookUp } from './sign-in.js';

const DEADLINE_MS = 5_000;

/** What the portal reads of the answer. Whatever is not said is not so: then it is no answer. */
const answerSchema = z.object({
  complete: z.boolean(),
  matches: z.array(
    z.object({
      clientId: z.string(),
      contactId: z.string(),
      maySignIn: z.boolean(),
      generation: z.int(),
    }),
  ),
});

/** The service refused to say who has an address; the message holds the status, never the address. */
export class LookUpRefused extends Error {
  override readonly name = 'LookUpRefused';
}

/** Asks the service at this address with a token of the scope `portal:read`. Raises LookUpRefused, and fetch's errors. */
export function portalLookUp(apiUrl: string, token: string): PortalLookUp {
  return async (workspaceId, email) => {
    const response = await fetch(`${apiUrl}/v1/workspaces/${workspaceId}/portal-access/look-up`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      // In the body: an address in a URL would stand in logs.
      body: JSON.stringify({ email }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new LookUpRefused(`the look-up was answered ${response.status}`);
    return answerSchema.parse(answer);
  };
}
