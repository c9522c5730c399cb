/** Jest runs the sources as ES modules; below Node 24.9 two ESM-only dependencies of Fastify are turned into CommonJS. */
const swc = {
  module: { type: 'es6' },
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
};

export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{src,laptop,samples,consumers,test,embedded}/**/*.spec.ts'],
  modulePathIgnorePatterns: [
    '<rootDir>/dist',
    '<rootDir>/embedded/dist',
    '<rootDir>/data',
    '<rootDir>/.servers',
  ],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': ['@swc/jest', swc],
    'node_modules/(cookie|content-disposition)/.+\\.js$': [
      '@swc/jest',
      { module: { type: 'commonjs' }, jsc: { target: 'es2023' } },
    ],
  },
  transformIgnorePatterns: ['node_modules/(?!(cookie|content-disposition)/)'],
  globalSetup: '<rootDir>/test/setup/start-servers.mjs',
  globalTeardown: '<rootDir>/test/setup/stop-servers.mjs',
  testTimeout: 60_000,
  maxWorkers: 2,
};
