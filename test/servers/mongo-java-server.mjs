import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { fetchedClassPath } from './fetched.mjs';
import { JavaServer, freePort } from './java-server.mjs';

/**
 * Starts mongo-java-server, an independent server of MongoDB's protocol, fetched where it isn't there yet, on a free
 * port of 127.0.0.1. It keeps its data in memory: a kill or restart empties it.
 * @returns {Promise<JavaServer>} its `url` is mongodb://…
 */
export async function startMongoJavaServer() {
  const classPath = await fetchedClassPath('mongo-java-server', ['EndWithParent', 'MongoJavaServer']);
  const folder = await mkdtemp(join(tmpdir(), 'mongo-java-server-'));
  const port = await freePort();
  const url = `mongodb://127.0.0.1:${port}`;
  const options = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const logging = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';
  const main = ['EndWithParent', 'MongoJavaServer', String(port)];
  const javaArguments = [...options, logging, '-cp', classPath, ...main];
  const server = new JavaServer({
    name: 'mongo-java-server',
    url,
    folder,
    javaArguments,
    ask: () => ask(url),
  });
  try {
    await server.start();
    return server;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function ask(url) {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 1000 });
  try {
    await client.db('admin').command({ ping: 1 });
  } finally {
    await client.close();
  }
}
