/** Which folder may import which: the architecture, checked. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'the-domain-imports-nothing-outside-itself',
      comment: 'node:url alone: it brings an international domain into its A-label form',
      severity: 'error',
      from: { path: '^src/contact-book/', pathNot: '\\.(spec|given-when-then)\\.ts$' },
      to: { pathNot: ['^src/contact-book/', '^(node:)?url$'] },
    },
    {
      name: 'only-the-event-log-knows-the-event-store-client',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/event-log/' },
      to: { path: '@eventstore/db-client' },
    },
    {
      name: 'only-the-edge-knows-http',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(http|operations)/' },
      to: { path: ['^src/http/', 'fastify', '@nestjs/(platform-fastify|swagger|core)'] },
    },
    {
      name: 'kafka-is-known-to-publishing-alone',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(publishing|operations)/' },
      to: { path: 'node_modules/kafkajs' },
    },
    {
      name: 'nothing-imports-operations',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(operations/|main\\.ts)' },
      to: { path: '^src/operations/' },
    },
    {
      name: 'write-side-and-read-side-meet-in-the-log-alone',
      severity: 'error',
      from: { path: '^src/commands/' },
      to: { path: '^src/(read-models|subscriptions|publishing)/' },
    },
    {
      name: 'the-service-and-the-embedded-servers-meet-on-the-laptop-alone',
      severity: 'error',
      from: { path: '^(src|samples)/' },
      to: { path: ['^embedded/', '@client-contacts/embedded'] },
    },
    {
      name: 'the-embedded-servers-know-nothing-of-the-service',
      severity: 'error',
      from: { path: '^embedded/' },
      to: { path: '^(src|laptop|samples|bench|test)/' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
