import serverFeatures from '@eventstore/db-client/generated/serverfeatures_pb.js';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';

const { SupportedMethod, SupportedMethods } = serverFeatures;

/** The release whose behaviour this server follows. */
const SERVER_VERSION = '24.10.0';

/** ServerFeatures/GetSupportedMethods: the client looks here whether it may use BatchAppend. */
export function supportedMethods(): serverFeatures.SupportedMethods {
  const methods = new SupportedMethods();
  methods.setEventStoreServerVersion(SERVER_VERSION);
  for (const { path } of Object.values(services.StreamsService)) {
    const [, serviceName = '', methodName = ''] = path.split('/');
    const method = new SupportedMethod();
    method.setServiceName(serviceName.toLowerCase());
    method.setMethodName(methodName.toLowerCase());
    methods.addMethods(method);
  }
  return methods;
}
