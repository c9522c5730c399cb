import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';
import { MASTER_KEY_BYTES } from '../event-log/personal-data/key-wrapping.js';
import { HTTP_LIMITS } from '../http/edge/http-limits.js';
import { DEVELOPMENT_ISSUER, isDevelopmentKey } from './development-key.js';

const ROLES = ['api', 'projector', 'publisher'] as const;
export type Role = (typeof ROLES)[number];

const switchValue = z.enum(['true', 'false']).transform((value) => value === 'true');

/** The environment's variables, their meaning and their defaults. */
const environmentSchema = z.object({
  /** `esdb://…` */
  EVENTSTORE_URL: z.string().regex(/^esdb(\+discover)?:\/\//, 'must begin with esdb://'),
  MONGODB_URL: z.string().regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb://'),
  /** host:port, or several, parted by commas. */
  KAFKA_BROKERS: z
    .string()
    .regex(/^[^\s,:/]+:\d+(,[^\s,:/]+:\d+)*$/, 'must be host:port, or several parted by commas')
    .transform((brokers) => brokers.split(',')),
  /** What this process plays, parted by commas. */
  ROLES: z
    .string()
    .default(ROLES.join(','))
    .transform((roles) => roles.split(',').map((role) => role.trim()))
    .pipe(z.array(z.enum(ROLES)).min(1)),
  HTTP_HOST: z.string().default('127.0.0.1'),
  HTTP_PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** How many requests are under way in this process at once; one more is answered 503. Each may hold a body of 64 KiB. */
  HTTP_MAX_REQUESTS_IN_FLIGHT: z.coerce.number().int().min(1).default(HTTP_LIMITS.maxRequestsInFlight),
  /** How many connections are open at once; one more is closed. Each takes a file descriptor and some 10 KiB. */
  HTTP_MAX_CONNECTIONS: z.coerce.number().int().min(1).default(HTTP_LIMITS.maxConnections),
  /**
   * How many requests one caller may make in a window, in one workspace and to this process; one more is answered 429.
   * 200 a second go on and on: docs/http-limits.md says why.
   */
  HTTP_CALLER_RATE: z.coerce.number().int().min(1).default(HTTP_LIMITS.callerRate),
  /** The same for all that comes from one address without being let in. */
  HTTP_ADDRESS_RATE: z.coerce.number().int().min(1).default(HTTP_LIMITS.addressRate),
  HTTP_RATE_WINDOW_MS: z.coerce.number().int().min(100).default(HTTP_LIMITS.rateWindowMs),
  /** How long the head of a request may take to come, and how long all of it: beyond it is answered 408, and cut. */
  HTTP_HEADERS_TIMEOUT_MS: z.coerce.number().int().min(100).default(HTTP_LIMITS.headersTimeoutMs),
  HTTP_REQUEST_TIMEOUT_MS: z.coerce.number().int().min(100).default(HTTP_LIMITS.requestTimeoutMs),
  /** How long a connection may idle: longer than load balancers do (60 s), so that they never send into a closing one. */
  HTTP_KEEP_ALIVE_TIMEOUT_MS: z.coerce.number().int().min(100).default(HTTP_LIMITS.keepAliveTimeoutMs),
  /** How many headers a request may have; one more is answered 431. */
  HTTP_MAX_HEADERS: z.coerce.number().int().min(16).max(2_000).default(HTTP_LIMITS.maxHeaders),
  /** Whose X-Forwarded-For tells the caller's address: the addresses or CIDR ranges of proxies, parted by commas. */
  HTTP_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((proxies) => proxies.split(',').flatMap((proxy) => proxy.trim() || []))
    .refine((proxies) => proxies.every(isAddressOrRange), 'must be addresses or CIDR ranges'),
  MONGODB_DATABASE: z.string().default('client_contacts'),
  /** Where the keys of personal data are kept: a server and a database that have backups of their own. */
  KEYS_MONGODB_URL: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb://')
    .optional(),
  KEYS_MONGODB_DATABASE: z.string().default('client_contacts_keys'),
  /**
   * What those keys are wrapped with: 32 bytes in base64; or the file that holds it. The first one that comes to an
   * empty database is the one from then on: no process starts with another.
   */
  MASTER_KEY: z.string().optional(),
  MASTER_KEY_FILE: z.string().optional(),
  /**
   * How many unwrapped keys this process holds in memory, and how long each: so long a key may outlive its
   * destruction there. What is shown of the erased does not wait for it. 0 holds none.
   */
  KEY_CACHE_SIZE: z.coerce.number().int().min(0).default(10_000),
  KEY_CACHE_LIFE_MS: z.coerce.number().int().min(0).default(60_000),
  /** The public key that bearer tokens are checked with, as PEM (SPKI); or the file that holds it. */
  AUTH_PUBLIC_KEY: z.string().optional(),
  AUTH_PUBLIC_KEY_FILE: z.string().optional(),
  /** In place of a key: where the identity provider serves its key set (JWKS). */
  AUTH_JWKS_URL: z
    .string()
    .regex(
      /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/])/,
      'must begin with https:// (http:// only on this machine)',
    )
    .refine((url) => URL.canParse(url), 'is no URL')
    .optional(),
  AUTH_ISSUER: z.string().default('client-contacts'),
  AUTH_AUDIENCE: z.string().default('client-contacts'),
  /** How many contacts a client may have. */
  MAX_CONTACTS: z.coerce.number().int().min(1).max(200).default(200),
  /** Whether portal access is left to owner and admin. */
  PORTAL_ACCESS_BY_ADMINS_ONLY: switchValue.default(false),
  /**
   * A client's book is stored as a snapshot each time that it passes so many events: so many at most are read, some
   * 40 µs each, to load a book that is not in memory. Each costs an append of some 30 KB. 0 stores none.
   */
  SNAPSHOT_INTERVAL: z.coerce.number().int().min(0).default(100),
  TOPIC_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,100}$/, 'must be 1 to 100 letters, digits, dots, hyphens or underscores')
    .default('client-contacts'),
  TOPIC_PARTITIONS: z.coerce.number().int().min(1).default(6),
  /** -1: the broker's default. */
  TOPIC_REPLICATION_FACTOR: z.coerce
    .number()
    .int()
    .min(-1)
    .refine((count) => count !== 0, 'must not be 0')
    .default(-1),
  /** How many replicas must have a record before it counts as written: 2 where there are 3. */
  TOPIC_MIN_INSYNC_REPLICAS: z.coerce.number().int().min(1).default(1),
  EVENTS_RETENTION_MS: z.coerce
    .number()
    .int()
    .min(1)
    .default(7 * 24 * 3600 * 1000),
  /** After how long, at most, a billing route or portal access that was replaced is gone from its topic. */
  STATES_MAX_COMPACTION_LAG_MS: z.coerce
    .number()
    .int()
    .min(1)
    .default(24 * 3600 * 1000),
  /** How often the publisher says that it lives. */
  HEARTBEAT_INTERVAL_MS: z.coerce.number().int().min(100).default(10_000),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type Configuration = Omit<
  z.infer<typeof environmentSchema>,
  'AUTH_PUBLIC_KEY' | 'AUTH_PUBLIC_KEY_FILE' | 'MASTER_KEY' | 'MASTER_KEY_FILE' | 'KEYS_MONGODB_URL'
> & {
  /** None where AUTH_JWKS_URL says where keys are. */
  readonly AUTH_PUBLIC_KEY: string | undefined;
  readonly MASTER_KEY: Buffer;
  readonly KEYS_MONGODB_URL: string;
};

/** One or several variables are missing or wrong; the message names all of them, and what to do. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * Reads the configuration from the environment. The development key and its issuer are taken only with the embedded
 * servers. Raises ConfigurationError.
 */
export function readConfiguration(
  environment: NodeJS.ProcessEnv,
  { withEmbeddedServers = false } = {},
): Configuration {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  const faults = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => {
        const variable = String(path[0]);
        return given[variable] === undefined ? `${variable} is missing: set it` : `${variable}: ${message}`;
      });
  const publicKey = readPublicKey(given, faults);
  const masterKey = readMasterKey(given, faults);
  if (!withEmbeddedServers && given['AUTH_ISSUER'] === DEVELOPMENT_ISSUER) {
    faults.push(`AUTH_ISSUER: ${DEVELOPMENT_ISSUER} is for the embedded servers only`);
  }
  if (!withEmbeddedServers && isDevelopmentKey(publicKey ?? '')) {
    faults.push('AUTH_PUBLIC_KEY: is the development key, which is for the embedded servers only');
  }
  if (!parsed.success || !masterKey || faults.length > 0) throw new ConfigurationError(faults.join('; '));
  const { AUTH_PUBLIC_KEY_FILE: _file, MASTER_KEY_FILE: _otherFile, ...rest } = parsed.data;
  const keysUrl = rest.KEYS_MONGODB_URL ?? rest.MONGODB_URL;
  if (keysUrl === rest.MONGODB_URL && rest.KEYS_MONGODB_DATABASE === rest.MONGODB_DATABASE) {
    throw new ConfigurationError('KEYS_MONGODB_DATABASE: must not be the database of the read models');
  }
  const { HTTP_HEADERS_TIMEOUT_MS: ofHead, HTTP_REQUEST_TIMEOUT_MS: ofWhole } = rest;
  if (ofHead > ofWhole) {
    throw new ConfigurationError(
      `HTTP_HEADERS_TIMEOUT_MS: ${ofHead} must not be more than HTTP_REQUEST_TIMEOUT_MS, ${ofWhole}`,
    );
  }
  return { ...rest, AUTH_PUBLIC_KEY: publicKey, MASTER_KEY: masterKey, KEYS_MONGODB_URL: keysUrl };
}

function readPublicKey(given: NodeJS.ProcessEnv, faults: string[]): string | undefined {
  const hasKey = given['AUTH_PUBLIC_KEY'] !== undefined || given['AUTH_PUBLIC_KEY_FILE'] !== undefined;
  if (given['AUTH_JWKS_URL'] === undefined) {
    return readKey('AUTH_PUBLIC_KEY', 'the key that tokens are checked with', given, faults);
  }
  if (hasKey) faults.push('AUTH_JWKS_URL: set it or AUTH_PUBLIC_KEY, not both');
  return undefined;
}

function readMasterKey(given: NodeJS.ProcessEnv, faults: string[]): Buffer | undefined {
  const encoded = readKey('MASTER_KEY', 'the 32 bytes, in base64, that wrap all other keys', given, faults);
  if (encoded === undefined) return undefined;
  const key = Buffer.from(encoded.trim(), 'base64');
  if (key.length === MASTER_KEY_BYTES && key.toString('base64') === encoded.trim()) return key;
  const variable = given['MASTER_KEY'] === undefined ? 'MASTER_KEY_FILE' : 'MASTER_KEY';
  faults.push(`${variable}: must hold 32 bytes in base64`);
  return undefined;
}

/** What the variable holds, or else the file that the variable of the same name with `_FILE` names. */
function readKey(
  variable: 'AUTH_PUBLIC_KEY' | 'MASTER_KEY',
  meaning: string,
  given: NodeJS.ProcessEnv,
  faults: string[],
): string | undefined {
  const { [variable]: key, [`${variable}_FILE`]: file } = given;
  if (key !== undefined) return key;
  if (file === undefined) {
    faults.push(`${variable} is missing: set it, or ${variable}_FILE, to ${meaning}`);
    return undefined;
  }
  try {
    return readFileSync(file, 'utf8');
  } catch {
    faults.push(`${variable}_FILE: ${file} can't be read`);
    return undefined;
  }
}

function isAddressOrRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
