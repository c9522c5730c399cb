import type { EmbeddedServer, EmbeddedServerOptions } from '../server.js';

export function startKafka(_options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  return Promise.reject(new Error('not there yet'));
}
