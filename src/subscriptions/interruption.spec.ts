import { describe, expect, it } from '@jest/globals';
import { KafkaJSNonRetriableError, KafkaJSProtocolError } from 'kafkajs';
import { MongoServerError } from 'mongodb';
import type { StoredEvent } from '../event-log/event-store.js';
import {
  KeyMissing,
  KeyStoreUnavailable,
  PersonalDataUnreadable,
} from '../event-log/personal-data/data-keys.js';
import { UnknownEvent } from '../event-log/stored-form.js';
import { MissingPositions, PublicationFenced } from '../publishing/publication-errors.js';
import { WrongPartitionCount } from '../publishing/topics.js';
import { RevisionGap } from '../read-models/read-model.js';
import { interruptionBy } from './interruption.js';

const unknownEvent = new UnknownEvent({ id: 'event-1', type: 'ContactMerged' } as StoredEvent);

describe('an interruption', () => {
  it.each([
    unknownEvent,
    new KeyMissing('key-1'),
    new PersonalDataUnreadable('event event-1'),
    new RevisionGap('revision 3 of ws/one came behind 1'),
    new WrongPartitionCount('events has 3 partitions'),
    new MissingPositions('events has had records'),
  ])('that no retry mends is an error, and says what it is about: $name', (error) => {
    expect(interruptionBy(error)).toEqual({
      level: 'error',
      isToWaitLong: false,
      fields: { cause: error.name, reason: error.message },
    });
  });

  it('by another publisher says so, and leaves that one alone for long', () => {
    const { level, isToWaitLong, fields } = interruptionBy(new PublicationFenced('prefix.live', undefined));
    expect([level, isToWaitLong]).toEqual(['warn', true]);
    expect(fields).toEqual({
      cause: 'PublicationFenced',
      reason: 'another publisher of prefix.live runs and has taken over from this one',
    });
  });

  it('that may pass is a warning with the code of its cause, and never quotes a message', () => {
    const kafka = new KafkaJSProtocolError({ name: '', message: '', type: 'NOT_LEADER', code: 6 } as never);
    const codes = [
      new MongoServerError({ message: 'dup key: ann@client.example', code: 11000 }),
      Object.assign(new KafkaJSNonRetriableError('failed'), { cause: kafka }),
      Object.assign(new Error('14 UNAVAILABLE: ann@client.example'), { code: 14 }),
      new KeyStoreUnavailable('ann@client.example'),
    ].map((error) => interruptionBy(error));
    expect(codes).toMatchObject([
      { fields: { cause: 'MongoServerError', code: 11000 } },
      { fields: { cause: 'KafkaJSNonRetriableError', code: 'NOT_LEADER' } },
      { fields: { cause: 'Error', code: 14 } },
      { fields: { cause: 'KeyStoreUnavailable' } },
    ]);
    expect(codes.every(({ level, isToWaitLong }) => level === 'warn' && !isToWaitLong)).toBe(true);
    expect(JSON.stringify(codes)).not.toContain('ann@');
  });
});
