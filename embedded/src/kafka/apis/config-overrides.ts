import { KafkaError } from '../protocol/error-codes.js';
import type { ConfigOverrides } from '../topic-config.js';

export interface OverrideEntry {
  name: string;
  value: string | null;
}

/** The settings of a request. Throws INVALID_CONFIG for one without a value. */
export function readOverrides(entries: readonly OverrideEntry[]): ConfigOverrides {
  const overrides: Record<string, string> = {};
  for (const { name, value } of entries) {
    if (value === null)
      throw new KafkaError('INVALID_CONFIG', `Null value not supported for topic configs: ${name}`);
    overrides[name] = value;
  }
  return overrides;
}
