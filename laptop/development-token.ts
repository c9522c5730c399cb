import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportPKCS8, exportSPKI, generateKeyPair, importPKCS8, SignJWT } from 'jose';
import { DEVELOPMENT_ISSUER, markedAsDevelopmentKey } from '../src/operations/development-key.js';

const ALGORITHM = 'ES256';
const LIFETIME = '30d';

/** The subject of the development token, and the workspace that it owns. */
export const DEVELOPER = 'developer';
export const DEVELOPMENT_WORKSPACE = 'studio-nord';

export interface DevelopmentKeys {
  /** PEM (SPKI), for the service. */
  readonly publicKey: string;
  /** A bearer token of an owner of the development workspace. */
  readonly token: string;
}

/** Makes a key pair once, keeps it in the directory, and signs a token with it. For the embedded servers only. */
export async function developmentKeys(directory: string, audience: string): Promise<DevelopmentKeys> {
  const [privatePath, publicPath] = [join(directory, 'private.pem'), join(directory, 'public.pem')];
  const stored = await readFile(privatePath, 'utf8').catch(() => undefined);
  if (stored === undefined) {
    const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: true });
    await mkdir(directory, { recursive: true });
    await writeFile(publicPath, markedAsDevelopmentKey(await exportSPKI(publicKey)));
    await writeFile(privatePath, await exportPKCS8(privateKey), { mode: 0o600 });
  }
  const privateKey = await importPKCS8(stored ?? (await readFile(privatePath, 'utf8')), ALGORITHM);
  const token = await new SignJWT({ workspaces: { [DEVELOPMENT_WORKSPACE]: 'owner' } })
    .setProtectedHeader({ alg: ALGORITHM })
    .setSubject(DEVELOPER)
    .setIssuer(DEVELOPMENT_ISSUER)
    .setAudience(audience)
    .setExpirationTime(LIFETIME)
    .sign(privateKey);
  return { publicKey: await readFile(publicPath, 'utf8'), token };
}
