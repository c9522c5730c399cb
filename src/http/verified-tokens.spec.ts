import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CryptoKey } from 'jose';
import { tokenIssuer } from '../../test/fixtures/tokens.js';
import { importPublicKey } from './tokens.js';
import { VerifiedTokens } from './verified-tokens.js';

const refused = expect.objectContaining({ code: 'unauthenticated' });

describe('tokens that were verified', () => {
  let issuer: Awaited<ReturnType<typeof tokenIssuer>>;
  let key: CryptoKey;
  let looks = 0;
  let now = 0;
  let isWithdrawn = false;
  const tokens = () => {
    looks = 0;
    isWithdrawn = false;
    now = Date.now();
    const lookUp = async () => {
      looks += 1;
      if (isWithdrawn) throw new Error('there is no such key');
      return key;
    };
    return new VerifiedTokens(
      { key: lookUp, issuer: 'client-contacts', audience: 'client-contacts' },
      () => now,
    );
  };

  beforeAll(async () => {
    issuer = await tokenIssuer();
    key = await importPublicKey(issuer.publicKey);
  });

  it('are not verified again for half a minute, then a withdrawn key is noticed', async () => {
    const verified = tokens();
    const header = `Bearer ${await issuer.person('owner', 'ws')}`;
    const claims = await verified.claimsOf(header);
    expect(claims).toMatchObject({ sub: 'u-1', workspaces: { ws: 'owner' } });
    isWithdrawn = true;
    now += 29_999;
    expect(await verified.claimsOf(header)).toEqual(claims);
    expect(looks).toBe(1);
    now += 1;
    await expect(verified.claimsOf(header)).rejects.toEqual(refused);
  });

  it('are verified again, and so refused, once they expire', async () => {
    const verified = tokens();
    const header = `Bearer ${await issuer.sign({ scope: 'contacts:read' }, 'u-1', '10s')}`;
    await verified.claimsOf(header);
    now += 11_000;
    await verified.claimsOf(header).catch(() => {});
    expect(looks).toBe(2);
  });

  it('open the door to no other token, and a refusal is not kept', async () => {
    const verified = tokens();
    const header = `Bearer ${await issuer.person('owner', 'ws')}`;
    await verified.claimsOf(header);
    for (const other of [undefined, '', `${header}x`, header.slice(0, -1)])
      await expect(verified.claimsOf(other)).rejects.toEqual(refused);
    isWithdrawn = true;
    const second = `Bearer ${await issuer.person('owner', 'ws', 'u-2')}`;
    await expect(verified.claimsOf(second)).rejects.toEqual(refused);
    isWithdrawn = false;
    expect(await verified.claimsOf(second)).toMatchObject({ sub: 'u-2' });
  });
});
