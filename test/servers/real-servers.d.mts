/** A real server in a process of its own, on 127.0.0.1. */
export interface RealServer {
  /** What a client is given: Kafka's host:port, or mongodb://… */
  readonly url: string;
  /** Ends the process as a crash does (SIGKILL). The address stays; so do the files, which mongo-java-server has none of. */
  kill(): Promise<void>;
  /** Starts the server again at the same address, on the same files; one that still runs is asked to end first. */
  restart(): Promise<void>;
  /** Ends the process and removes its files. */
  stop(): Promise<void>;
}

/** `java`, `javac` or `mvn` is not on the PATH. */
export class MissingTool extends Error {}

/** Starts one Apache Kafka broker with empty data and resolves when it answers; fetches it by Maven the first time. */
export function startRealKafka(): Promise<RealServer>;

/** Starts mongo-java-server, in memory, and resolves when it answers; fetches it by Maven the first time. */
export function startMongoJavaServer(): Promise<RealServer>;
