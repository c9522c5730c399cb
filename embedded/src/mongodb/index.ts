import type { EmbeddedServer, EmbeddedServerOptions } from '../server.js';

export function startMongodb(_options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  return Promise.reject(new Error('not there yet'));
}
