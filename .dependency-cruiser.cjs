/** Which folder may import which: the architecture, checked. */
const folders = {
  'contact-book': [],
  'event-log': ['contact-book'],
  commands: ['contact-book', 'event-log'],
  subscriptions: ['contact-book', 'event-log'],
  'read-models': ['contact-book', 'event-log', 'subscriptions'],
  erasing: ['contact-book', 'event-log', 'subscriptions'],
  publishing: ['contact-book', 'event-log', 'subscriptions'],
  http: ['contact-book', 'event-log', 'commands', 'read-models'],
};

/** Specs may use what they like of the fixtures; the given/when/then language of the domain is one. */
const TESTS = '\\.(spec|given-when-then)\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...Object.entries(folders).map(([folder, allowed]) => ({
      name: `${folder}-imports-${allowed.join('-and-') || 'nothing-outside-itself'}`,
      severity: 'error',
      from: { path: `^src/${folder}/`, pathNot: TESTS },
      to: {
        path: '^(src|test|laptop|samples|consumers|bench)/',
        pathNot: `^src/(${[folder, ...allowed].join('|')})/`,
      },
    })),
    {
      name: 'the-domain-knows-no-library',
      comment: 'node:url alone: it brings an international domain into its A-label form',
      severity: 'error',
      from: { path: '^src/contact-book/', pathNot: TESTS },
      to: { pathNot: ['^src/', '^(node:)?url$'] },
    },
    {
      name: 'only-the-event-log-knows-the-event-store-client',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/event-log/', TESTS] },
      to: { path: '@eventstore/db-client' },
    },
    {
      name: 'only-publishing-knows-kafka',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(publishing|operations)/', TESTS] },
      to: { path: 'node_modules/kafkajs' },
    },
    {
      name: 'only-the-edge-knows-http',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(http|operations)/', TESTS] },
      to: { path: ['fastify', '@nestjs/(platform-fastify|swagger|core)'] },
    },
    {
      name: 'consumers-know-only-the-contract',
      comment: 'as programs of other teams do',
      severity: 'error',
      from: { path: '^consumers/', pathNot: TESTS },
      to: { path: '^(src|laptop|samples|bench|test|embedded)/' },
    },
    {
      name: 'each-consumer-is-a-program-of-its-own',
      severity: 'error',
      from: { path: '^consumers/(invoicing|portal)/' },
      to: { path: '^consumers/(invoicing|portal)/', pathNot: '^consumers/$1/' },
    },
    {
      name: 'the-service-and-the-embedded-servers-meet-on-the-laptop-alone',
      severity: 'error',
      from: { path: '^(src|samples|consumers)/' },
      to: { path: ['^embedded/', '@client-contacts/embedded'] },
    },
    {
      name: 'the-embedded-servers-know-nothing-of-the-service',
      severity: 'error',
      from: { path: '^embedded/' },
      to: { path: '^(src|laptop|samples|consumers|bench|test)/' },
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
