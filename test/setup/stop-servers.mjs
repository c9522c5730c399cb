import { rm } from 'node:fs/promises';

export default async function stopServers() {
  const { directory, started } = globalThis.testServers;
  await Promise.all(started.map((server) => server.stop()));
  await rm(directory, { recursive: true, force: true });
}
