import { randomUUID } from 'node:crypto';
import { it } from '@jest/globals';
import { MongoClient, MongoServerError, type Db } from 'mongodb';

/** A client of the server that the environment names. */
export function connect(): MongoClient {
  const url = process.env['MONGODB_URL'];
  if (!url) throw new Error('MONGODB_URL names no server');
  return new MongoClient(url, { serverSelectionTimeoutMS: 5000 });
}

const databases: Db[] = [];

/** A database that no other test uses; `disconnect` drops it. */
export function uniqueDatabase(client: MongoClient, area: string): Db {
  const database = client.db(`${area}_${randomUUID().slice(0, 8)}`);
  databases.push(database);
  return database;
}

/** Drops what the tests of this file have made, and closes their client. */
export async function disconnect(client: MongoClient): Promise<void> {
  for (const database of databases.splice(0)) await client.db(database.databaseName).dropDatabase();
  await client.close();
}

/** The error with which the server refused, all of it. */
export async function refusal(refused: Promise<unknown>): Promise<MongoServerError> {
  try {
    await refused;
  } catch (error) {
    if (error instanceof MongoServerError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

/** Which independent server these tests run against, if they do: MONGODB_INDEPENDENT=mongo-java-server. */
const independent = process.env['MONGODB_INDEPENDENT'];

/** A test of what the independent server is known not to do as MongoDB does; skipped, and counted, there. */
export function itBeyond(
  server: 'mongo-java-server',
  gap: string,
  title: string,
  test: () => Promise<void>,
): void {
  if (independent === server) it.skip(`${title} (${server}: ${gap})`, test);
  else it(title, test);
}

/** The same, for a whole group of tests. */
export function isIndependent(server: 'mongo-java-server'): boolean {
  return independent === server;
}
