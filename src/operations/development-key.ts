/**
 * The issuer of the development token, which exists only with the embedded servers. It is reserved: a service on
 * other servers neither accepts nor takes it.
 */
export const DEVELOPMENT_ISSUER = 'client-contacts-development';

/** What stands before the development key in its PEM, as a PEM allows, so that it is known again wherever it is copied. */
const MARK = 'client-contacts development key, for the embedded servers only';

export function markedAsDevelopmentKey(pem: string): string {
  return `${MARK}\n${pem}`;
}

export function isDevelopmentKey(pem: string): boolean {
  return pem.includes(MARK);
}
