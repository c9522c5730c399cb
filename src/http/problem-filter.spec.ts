import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import { pino } from 'pino';
import { Refusal } from '../contact-book/refusal.js';
import { ProblemFilter } from './problem-filter.js';

describe('a refusal of the contact book', () => {
  const app = fastify();
  beforeAll(() => {
    const filter = new ProblemFilter(pino({ level: 'silent' }));
    app.setErrorHandler((error, request, reply) => filter.answer(error, request, reply));
    app.post('/contacts', () => {
      throw new Refusal('contact_id_taken', { contactId: 'ann' });
    });
  });
  afterAll(() => app.close());

  it('of an id that a forgotten key leads to again is told as a key that is spent', async () => {
    const answer = await app.inject({ method: 'POST', url: '/contacts' });
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({
      type: '/problems/idempotency_key_spent',
      code: 'idempotency_key_spent',
      contactId: 'ann',
    });
  });
});
