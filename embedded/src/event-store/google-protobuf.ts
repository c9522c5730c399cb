import { createRequire } from 'node:module';

// The very google-protobuf that the client's generated code uses: the messages of two versions of it do not mix.
const resolve = createRequire(import.meta.url).resolve;
const require = createRequire(resolve('@eventstore/db-client/generated/shared_pb.js'));

export const { Any } =
  require('google-protobuf/google/protobuf/any_pb.js') as typeof import('google-protobuf/google/protobuf/any_pb.js');
export const { Empty } =
  require('google-protobuf/google/protobuf/empty_pb.js') as typeof import('google-protobuf/google/protobuf/empty_pb.js');
