import type { Switchboard } from './switchboard.js';

export interface EmbeddedServerOptions {
  /** Where the server keeps its files; created when it is not there. */
  dataDir: string;
  /** The port on 127.0.0.1; 0 (the default) takes a free one. */
  port?: number;
  /** Receives the few lines a server has to say, such as a torn record that was cut off. Default: console.warn. */
  log?: (line: string) => void;
}

/** A running server, on loopback only. */
export interface EmbeddedServer {
  readonly port: number;
  /** What a client is given: `esdb://…`, `mongodb://…` or Kafka's host:port. */
  readonly url: string;
  readonly switchboard: Switchboard;
  /** Stops listening, ends the connections and closes the files. */
  stop(): Promise<void>;
}
