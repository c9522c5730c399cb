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
