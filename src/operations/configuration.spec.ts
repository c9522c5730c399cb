import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigurationError, readConfiguration } from './configuration.js';
import { DEVELOPMENT_ISSUER, markedAsDevelopmentKey } from './development-key.js';

const masterKey = Buffer.alloc(32, 7);
const given = {
  EVENTSTORE_URL: 'esdb://127.0.0.1:2113',
  MONGODB_URL: 'mongodb://127.0.0.1:27017',
  KAFKA_BROKERS: '127.0.0.1:9092',
  AUTH_PUBLIC_KEY: 'a key',
  MASTER_KEY: masterKey.toString('base64'),
};
const { MASTER_KEY: _, ...withoutMasterKey } = given;

describe('the configuration of the key store', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'configuration-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const file = (content: string) => {
    const path = join(directory, 'master.key');
    writeFileSync(path, content);
    return path;
  };

  it('takes the master key from the environment or from a file', () => {
    expect(readConfiguration(given).MASTER_KEY).toEqual(masterKey);
    const MASTER_KEY_FILE = file(`${given.MASTER_KEY}\n`);
    expect(readConfiguration({ ...withoutMasterKey, MASTER_KEY_FILE }).MASTER_KEY).toEqual(masterKey);
  });

  it('is a database of its own, on the server of the read models unless told otherwise', () => {
    const standard = readConfiguration(given);
    expect(standard.KEYS_MONGODB_URL).toBe(given.MONGODB_URL);
    expect(standard.KEYS_MONGODB_DATABASE).not.toBe(standard.MONGODB_DATABASE);
    const KEYS_MONGODB_URL = 'mongodb://127.0.0.1:27018';
    expect(readConfiguration({ ...given, KEYS_MONGODB_URL }).KEYS_MONGODB_URL).toBe(KEYS_MONGODB_URL);
    expect(() => readConfiguration({ ...given, KEYS_MONGODB_DATABASE: 'client_contacts' })).toThrow(
      /^KEYS_MONGODB_DATABASE: /,
    );
  });

  it.each([
    ['', /^MASTER_KEY is missing: set it, or MASTER_KEY_FILE,/],
    ['too short', /^MASTER_KEY: must hold 32 bytes in base64$/],
    [Buffer.alloc(31).toString('base64'), /^MASTER_KEY: must hold 32 bytes/],
    [Buffer.alloc(33).toString('base64'), /^MASTER_KEY: must hold 32 bytes/],
    [masterKey.toString('hex'), /^MASTER_KEY: must hold 32 bytes/],
    [`${given.MASTER_KEY}!`, /^MASTER_KEY: must hold 32 bytes/],
  ])('refuses the master key "%s", and names the variable', (MASTER_KEY, message) => {
    expect(() => readConfiguration({ ...given, MASTER_KEY })).toThrow(ConfigurationError);
    expect(() => readConfiguration({ ...given, MASTER_KEY })).toThrow(message);
  });

  it('refuses a file that can not be read, or holds something else, and does not tell what it holds', () => {
    const absent = { ...withoutMasterKey, MASTER_KEY_FILE: join(directory, 'absent') };
    expect(() => readConfiguration(absent)).toThrow(/^MASTER_KEY_FILE: .+absent can't be read$/);
    const wrong = { ...withoutMasterKey, MASTER_KEY_FILE: file('c2VjcmV0') };
    expect(() => readConfiguration(wrong)).toThrow(/^MASTER_KEY_FILE: must hold 32 bytes in base64$/);
  });
});

describe('the configuration of the HTTP server', () => {
  it('takes what is given, and lists of proxies', () => {
    const options = {
      HTTP_MAX_REQUESTS_IN_FLIGHT: '10',
      HTTP_MAX_CONNECTIONS: '20',
      HTTP_CALLER_RATE: '30',
      HTTP_ADDRESS_RATE: '40',
      HTTP_RATE_WINDOW_MS: '5000',
      HTTP_HEADERS_TIMEOUT_MS: '6000',
      HTTP_REQUEST_TIMEOUT_MS: '6000',
      HTTP_KEEP_ALIVE_TIMEOUT_MS: '8000',
      HTTP_MAX_HEADERS: '50',
    };
    const numbers = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, Number(value)]));
    expect(readConfiguration({ ...given, ...options })).toMatchObject(numbers);
    const HTTP_TRUSTED_PROXIES = '10.0.0.0/8, 192.0.2.7,2001:db8::/32';
    expect(readConfiguration({ ...given, HTTP_TRUSTED_PROXIES })).toMatchObject({
      HTTP_TRUSTED_PROXIES: ['10.0.0.0/8', '192.0.2.7', '2001:db8::/32'],
    });
    expect(readConfiguration({ ...given, HTTP_TRUSTED_PROXIES: '' }).HTTP_TRUSTED_PROXIES).toEqual([]);
  });

  it.each([
    ['HTTP_MAX_REQUESTS_IN_FLIGHT', ['0', '-1', '1.5', 'many']],
    ['HTTP_MAX_CONNECTIONS', ['0', '-1', '1.5', 'many']],
    ['HTTP_CALLER_RATE', ['0', '-1', '1.5', '10/s']],
    ['HTTP_ADDRESS_RATE', ['0', '-1', '1.5', '10/s']],
    ['HTTP_RATE_WINDOW_MS', ['0', '99', '10s']],
    ['HTTP_HEADERS_TIMEOUT_MS', ['0', '99', '10s']],
    ['HTTP_REQUEST_TIMEOUT_MS', ['0', '99', '30s']],
    ['HTTP_KEEP_ALIVE_TIMEOUT_MS', ['0', '99', '72s']],
    ['HTTP_MAX_HEADERS', ['0', '15', '2001', 'many']],
    [
      'HTTP_TRUSTED_PROXIES',
      ['proxy.example', '10.0.0.0/33', '2001:db8::/129', '10.0.0.0/8/8', '10.0.0.1 10.0.0.2'],
    ],
  ])('refuses %s of %j, and names it', (variable, values) => {
    for (const value of values) {
      const read = () => readConfiguration({ ...given, [variable]: value });
      expect(read).toThrow(ConfigurationError);
      expect(read).toThrow(new RegExp(`^${variable}: `));
    }
  });

  it('refuses to wait longer for the head of a request than for all of it, whichever was given', () => {
    const message = /^HTTP_HEADERS_TIMEOUT_MS: \d+ must not be more than HTTP_REQUEST_TIMEOUT_MS, \d+$/;
    expect(() => readConfiguration({ ...given, HTTP_HEADERS_TIMEOUT_MS: '30001' })).toThrow(message);
    expect(() => readConfiguration({ ...given, HTTP_REQUEST_TIMEOUT_MS: '9999' })).toThrow(message);
  });
});

describe('the configuration of who may call', () => {
  const { AUTH_PUBLIC_KEY: _key, ...withoutKey } = given;

  it('takes a key, or the address of a key set', () => {
    const AUTH_JWKS_URL = 'https://id.example/jwks';
    expect(readConfiguration({ ...withoutKey, AUTH_JWKS_URL })).toMatchObject({ AUTH_JWKS_URL });
    expect(() => readConfiguration({ ...given, AUTH_JWKS_URL })).toThrow(
      'AUTH_JWKS_URL: set it or AUTH_PUBLIC_KEY, not both',
    );
    expect(() => readConfiguration(withoutKey)).toThrow(/^AUTH_PUBLIC_KEY is missing/);
  });

  it('takes a key set over plain HTTP from this machine only', () => {
    const from = (AUTH_JWKS_URL: string) => () => readConfiguration({ ...withoutKey, AUTH_JWKS_URL });
    expect(from('http://127.0.0.1:8080/jwks')).not.toThrow();
    expect(from('http://id.example/jwks')).toThrow(/^AUTH_JWKS_URL: must begin with https/);
    expect(from('http://127.0.0.1.example/jwks')).toThrow(/^AUTH_JWKS_URL: must begin with https/);
    expect(from('https://:0')).toThrow(/^AUTH_JWKS_URL: is no URL/);
  });

  it('takes the development key and its issuer with the embedded servers only', () => {
    const key = { ...given, AUTH_PUBLIC_KEY: markedAsDevelopmentKey('-----BEGIN PUBLIC KEY-----') };
    const issuer = { ...given, AUTH_ISSUER: DEVELOPMENT_ISSUER };
    expect(() => readConfiguration(key)).toThrow(/^AUTH_PUBLIC_KEY: is the development key/);
    expect(() => readConfiguration(issuer)).toThrow(/^AUTH_ISSUER: .+ is for the embedded servers only$/);
    const withEmbeddedServers = true;
    expect(() => readConfiguration({ ...key, ...issuer }, { withEmbeddedServers })).not.toThrow();
  });
});
