import { describe, expect, it } from '@jest/globals';
import { KafkaJSNonRetriableError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import { MongoInvalidArgumentError, MongoNetworkError, MongoServerError } from 'mongodb';
import { EventStoreUnavailable, type StoredEvent } from '../event-log/event-store.js';
import {
  KeyMissing,
  KeyStoreUnavailable,
  PersonalDataUnreadable,
  WrongMasterKey,
} from '../event-log/personal-data/data-keys.js';
import { UnknownEvent } from '../event-log/stored-form.js';
import {
  MissingPositions,
  PublicationFenced,
  PublicationTimedOut,
} from '../publishing/publication-errors.js';
import { WrongPartitionCount } from '../publishing/topics.js';
import { ProjectionContention } from '../read-models/projection.js';
import { RevisionGap } from './revision-gap.js';
import { interruptionBy } from './interruption.js';
import { LeaseLost } from './lease.js';
import { LogDiverged } from './log-continuity.js';

const coded = (code: string | number) => Object.assign(new Error('said the server'), { code });

describe('an interruption', () => {
  it.each([
    new UnknownEvent({ id: 'event-1', type: 'ContactMerged' } as StoredEvent),
    new KeyMissing('key-1'),
    new PersonalDataUnreadable('event event-1'),
  ])('that lies with the event says which one: $name', (error) => {
    expect(interruptionBy(error)).toEqual({
      kind: 'poison',
      level: 'error',
      fields: { cause: error.name, reason: error.message },
    });
  });

  it.each([
    new TypeError('ann@client.example'),
    new RangeError('ann@client.example'),
    coded('ERR_ASSERTION'),
  ])('by a fault in handling the event lies with it, and its message is not quoted: $name', (error) => {
    const { kind, fields } = interruptionBy(error);
    expect(kind).toBe('poison');
    expect(fields).not.toHaveProperty('reason');
  });

  it.each([
    new MongoServerError({ code: 10_334, message: 'BSONObj size is invalid' }),
    new MongoServerError({ code: 17_419, message: 'resulting document is larger than 16777216' }),
    new MongoInvalidArgumentError('Document is larger than the maximum size 16777216'),
    new KafkaJSProtocolError({ type: 'MESSAGE_TOO_LARGE', code: 10, retriable: false } as never),
    new KafkaJSNumberOfRetriesExceeded(
      new KafkaJSProtocolError({ type: 'RECORD_LIST_TOO_LARGE', code: 18, retriable: false } as never),
      { retryCount: 5, retryTime: 10 },
    ),
  ])('by what is too large for a server lies with the event, which no wait makes smaller: $name', (error) => {
    expect(interruptionBy(error).kind).toBe('poison');
  });

  it.each([
    new RevisionGap('revision 3 of ws/one came behind 1'),
    new WrongPartitionCount('events has 3 partitions'),
    new MissingPositions('events has had records'),
    new LogDiverged('event 1 was handled'),
    new WrongMasterKey(),
  ])('that no retry mends needs someone, and says what it is about: $name', (error) => {
    expect(interruptionBy(error)).toEqual({
      kind: 'needs_someone',
      level: 'error',
      fields: { cause: error.name, reason: error.message },
    });
  });

  it.each([
    new EventStoreUnavailable('away'),
    new KeyStoreUnavailable('away'),
    new PublicationTimedOut('late'),
    new PublicationFenced('prefix.live', undefined),
    new ProjectionContention('busy'),
    new LeaseLost('contacts_v1'),
    new MongoNetworkError('cut'),
    new MongoServerError({ message: 'not primary', code: 10107 }),
    new KafkaJSNonRetriableError('failed'),
    coded(14),
    coded('ECONNREFUSED'),
  ])('by something that is away passes, whatever it is: $name', (error) => {
    expect(interruptionBy(error)).toMatchObject({ kind: 'passes', level: 'warn' });
  });

  it('tells the code of its cause, and never quotes the message of a client', () => {
    const kafka = new KafkaJSProtocolError({ name: '', message: '', type: 'NOT_LEADER', code: 6 } as never);
    const told = [
      new MongoServerError({ message: 'dup key: ann@client.example', code: 11000 }),
      Object.assign(new KafkaJSNonRetriableError('failed'), { cause: kafka }),
      Object.assign(new Error('14 UNAVAILABLE: ann@client.example'), { code: 14 }),
      new KeyStoreUnavailable('ann@client.example'),
    ].map((error) => interruptionBy(error).fields);
    expect(told).toEqual([
      { cause: 'MongoServerError', code: 11000 },
      { cause: 'KafkaJSNonRetriableError', code: 'NOT_LEADER' },
      { cause: 'Error', code: 14 },
      { cause: 'KeyStoreUnavailable' },
    ]);
  });
});
