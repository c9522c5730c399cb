/** An offset is committed behind a write only when the write is there to stay. */
export const DURABLE = { writeConcern: { w: 'majority', journal: true } } as const;
