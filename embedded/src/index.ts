export { startFaultProxy, type FaultProxy, type FaultProxyOptions } from './fault-proxy/index.js';
export { startEventStore } from './event-store/index.js';
export { startKafka } from './kafka/index.js';
export { startMongodb } from './mongodb/index.js';
export type { EmbeddedServer, EmbeddedServerOptions } from './server.js';
export { Switchboard, type Admission, type OperationFilter } from './switchboard.js';
