import { describe, expect, it } from '@jest/globals';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DeclaredRoutes } from './declared-routes.js';

const routes = new DeclaredRoutes();
routes.declare({ method: ['GET', 'HEAD'], url: '/clients/:clientId' });
routes.declare({ method: 'DELETE', url: '/clients/:clientId' });
routes.declare({ method: 'PUT', url: '/clients/all' });
routes.declare({ method: 'GET', url: '/docs/*' });

const asked = (url: string) => () =>
  routes.refuse({ method: 'PATCH', url } as FastifyRequest, {} as FastifyReply);
const refused = (code: string, headers = {}) => expect.objectContaining({ code, headers });

describe('what no route takes', () => {
  it.each([
    ['/clients/c-1', 'DELETE, GET, HEAD, OPTIONS'],
    ['/clients/c-1?q=1/2/3', 'DELETE, GET, HEAD, OPTIONS'],
    ['/clients/all', 'DELETE, GET, HEAD, PUT, OPTIONS'],
    ['/docs/a/b', 'GET, OPTIONS'],
  ])('is a wrong method at %s, and %s are told', (url, allow) => {
    expect(asked(url)).toThrow(refused('method_not_allowed', { allow }));
  });

  it.each(['/', '/clients', '/clients/', '/clients/c-1/', '/clients/c-1/contacts', '/other/c-1', '/docs'])(
    'is no address at %s',
    (url) => {
      expect(asked(url)).toThrow(refused('not_found'));
    },
  );
});
