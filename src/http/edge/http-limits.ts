/** How much the server takes of whom, and for how long; docs/http-limits.md says why each default is what it is. */
export interface HttpLimits {
  /** How many requests are under way at once; one more is refused. */
  readonly maxRequestsInFlight: number;
  /** How many connections are open at once; one more is closed unanswered. */
  readonly maxConnections: number;
  /** How many requests a caller may make in a window, in one workspace. */
  readonly callerRate: number;
  /** The same for all that comes from one address and tells no caller who may. */
  readonly addressRate: number;
  readonly rateWindowMs: number;
  /** How long the head of a request may take to come, counted from its first byte or the opened connection; no longer than the whole. */
  readonly headersTimeoutMs: number;
  /** How long the whole request may take to come. */
  readonly requestTimeoutMs: number;
  /** How long a connection may idle between two requests. */
  readonly keepAliveTimeoutMs: number;
  readonly maxHeaders: number;
  /** The proxies whose X-Forwarded-For is believed, as addresses or CIDR ranges. */
  readonly trustedProxies: readonly string[];
}

export const HTTP_LIMITS: HttpLimits = {
  maxRequestsInFlight: 1_000,
  maxConnections: 5_000,
  callerRate: 2_000,
  addressRate: 1_000,
  rateWindowMs: 10_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 72_000,
  maxHeaders: 100,
  trustedProxies: [],
};

export const MAX_BODY_BYTES = 64 * 1024;
/** What Node reads of a head, the request line included, before it refuses the rest. */
export const MAX_HEAD_BYTES = 16 * 1024;
export const MAX_URL_LENGTH = 4 * 1024;
/** How often the server looks for requests that are late: so much later, at most, they are cut. */
export const LATENESS_CHECK_MS = 1_000;
