import { describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { readFileSync } from 'node:fs';

interface ComposeService {
  image?: string;
  environment?: Record<string, string | number>;
  ports?: string[];
  volumes?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
}

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** A tag that names one release: at least major.minor.patch. */
const PINNED = /^[^:@\s]+:\d+\.\d+\.\d+[\w.-]*$/;

describe('the compose file', () => {
  const compose = load(read('docker-compose.yml')) as {
    services: Record<string, ComposeService>;
    volumes: Record<string, null>;
  };
  const { service, ...servers } = compose.services;

  it('pins every image to one release', () => {
    const images = Object.values(servers).map(({ image }) => image);
    expect(images).toHaveLength(3);
    for (const image of images) expect(image).toMatch(PINNED);
  });

  it('starts the service when each server that it uses is healthy', () => {
    const healthy = Object.keys(servers).map((name) => [name, { condition: 'service_healthy' }]);
    expect(service?.depends_on).toEqual(Object.fromEntries(healthy));
    for (const { healthcheck } of Object.values(servers)) expect(healthcheck?.test[0]).toBe('CMD');
  });

  it('gives the service addresses of servers that are there, and no key of its own', () => {
    const { EVENTSTORE_URL, MONGODB_URL, KAFKA_BROKERS, AUTH_PUBLIC_KEY, MASTER_KEY } =
      service?.environment ?? {};
    const hosts = [EVENTSTORE_URL, MONGODB_URL, `kafka://${KAFKA_BROKERS}`].map(
      (url) => new URL(String(url)).hostname,
    );
    expect(hosts.toSorted()).toEqual(Object.keys(servers).toSorted());
    expect(MASTER_KEY).toMatch(/^\$\{MASTER_KEY:\?.+\}$/);
    expect(AUTH_PUBLIC_KEY).toMatch(/^\$\{AUTH_PUBLIC_KEY:\?.+\}$/);
  });

  it('opens no port beyond this machine', () => {
    for (const { ports } of Object.values(compose.services))
      for (const port of ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it('keeps what the servers store in volumes that it names', () => {
    const mounted = Object.values(servers).map(({ volumes = [] }) =>
      volumes.map((each) => each.split(':')[0]),
    );
    for (const volumes of mounted) expect(volumes.length).toBeGreaterThan(0);
    expect(new Set(mounted.flat())).toEqual(new Set(Object.keys(compose.volumes)));
  });
});

describe('the image', () => {
  const instructions = read('Dockerfile').split('\n');
  const finalStage = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')));

  it('is built from images of one release', () => {
    const images = instructions.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1]);
    expect(images.length).toBeGreaterThan(1);
    for (const image of images) expect(image).toMatch(PINNED);
    expect(new Set(images).size).toBe(1);
  });

  it('does not run as root', () => {
    const users = finalStage.filter((line) => line.startsWith('USER ')).map((line) => line.slice(5).trim());
    expect(users.at(-1)).toBe('node');
  });

  it('takes neither development dependencies nor the embedded servers along', () => {
    const copies = finalStage.filter((line) => line.startsWith('COPY '));
    expect(copies).toEqual([
      'COPY package.json ./',
      'COPY --from=dependencies /app/node_modules node_modules',
      'COPY --from=build /app/dist/src dist/src',
    ]);
    expect(instructions).toContain('RUN npm ci --omit=dev --workspaces=false --ignore-scripts');
  });
});
