/** How everything is written that a subscriber relies on after a crash or a fail-over. */
export const DURABLE_WRITE = { writeConcern: { w: 'majority', journal: true } } as const;
