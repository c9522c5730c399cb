import { KafkaError } from './protocol/error-codes.js';

interface Setting {
  default: string;
  isValid: (value: string) => boolean;
}

const integer =
  (min: number, max = Number.MAX_SAFE_INTEGER) =>
  (value: string): boolean =>
    /^-?\d+$/.test(value) && Number(value) >= min && (Number(value) <= max || value === LONG_MAX);
const oneOf =
  (...values: string[]) =>
  (value: string): boolean =>
    values.includes(value);

const LONG_MAX = '9223372036854775807';
const INT_MAX = 0x7fffffff;
const WEEK_MS = '604800000';

/**
 * The settings of a topic, with Kafka's defaults. Those that only tune a cluster's files and replicas are accepted and have no
 * effect on one small broker; a value that would change what clients see, and that isn't served here, is refused.
 */
const settings: Record<string, Setting> = {
  'cleanup.policy': {
    default: 'delete',
    isValid: (value) => value.split(',').every((policy) => oneOf('delete', 'compact')(policy.trim())),
  },
  'compression.type': { default: 'producer', isValid: oneOf('producer') },
  'delete.retention.ms': { default: '86400000', isValid: integer(0) },
  'file.delete.delay.ms': { default: '60000', isValid: integer(0) },
  'flush.messages': { default: LONG_MAX, isValid: integer(1) },
  'flush.ms': { default: LONG_MAX, isValid: integer(0) },
  'index.interval.bytes': { default: '4096', isValid: integer(0, INT_MAX) },
  'max.compaction.lag.ms': { default: LONG_MAX, isValid: integer(1) },
  'max.message.bytes': { default: '1048588', isValid: integer(0, INT_MAX) },
  'message.timestamp.type': { default: 'CreateTime', isValid: oneOf('CreateTime') },
  'min.cleanable.dirty.ratio': {
    default: '0.5',
    isValid: (value) => Number(value) >= 0 && Number(value) <= 1,
  },
  'min.compaction.lag.ms': { default: '0', isValid: oneOf('0') },
  'min.insync.replicas': { default: '1', isValid: oneOf('1') },
  preallocate: { default: 'false', isValid: oneOf('true', 'false') },
  'retention.bytes': { default: '-1', isValid: integer(-1) },
  'retention.ms': { default: WEEK_MS, isValid: integer(-1) },
  'segment.bytes': { default: '1073741824', isValid: integer(14, INT_MAX) },
  'segment.index.bytes': { default: '10485760', isValid: integer(4, INT_MAX) },
  'segment.jitter.ms': { default: '0', isValid: integer(0) },
  'segment.ms': { default: WEEK_MS, isValid: integer(1) },
  'unclean.leader.election.enable': { default: 'false', isValid: oneOf('true', 'false') },
};

export type ConfigOverrides = Readonly<Record<string, string>>;

export interface ConfigEntry {
  name: string;
  value: string;
  isOverride: boolean;
}

/** A topic's configuration: Kafka's defaults and what the topic sets otherwise. */
export class TopicConfig {
  /** Throws INVALID_CONFIG for a setting or value that isn't served. */
  constructor(readonly overrides: ConfigOverrides) {
    for (const [name, value] of Object.entries(overrides)) {
      if (!Object.hasOwn(settings, name))
        throw new KafkaError('INVALID_CONFIG', `Unknown topic config name: ${name}`);
      if (!settings[name]!.isValid(value)) {
        throw new KafkaError('INVALID_CONFIG', `Invalid value ${value} for configuration ${name}`);
      }
    }
  }

  /** Kafka's default for a setting that there is. */
  static defaultOf(name: string): string {
    return settings[name]!.default;
  }

  entries(): ConfigEntry[] {
    return Object.keys(settings).map((name) => ({
      name,
      value: this.value(name),
      isOverride: Object.hasOwn(this.overrides, name),
    }));
  }

  get compacts(): boolean {
    return this.value('cleanup.policy').includes('compact');
  }

  get deletes(): boolean {
    return this.value('cleanup.policy').includes('delete');
  }

  get maxMessageBytes(): number {
    return this.number('max.message.bytes');
  }

  get retentionMs(): number {
    return this.number('retention.ms');
  }

  get retentionBytes(): number {
    return this.number('retention.bytes');
  }

  get deleteRetentionMs(): number {
    return this.number('delete.retention.ms');
  }

  get minCleanableDirtyRatio(): number {
    return this.number('min.cleanable.dirty.ratio');
  }

  get maxCompactionLagMs(): number {
    return this.number('max.compaction.lag.ms');
  }

  get segmentBytes(): number {
    return this.number('segment.bytes');
  }

  get segmentMs(): number {
    return this.number('segment.ms');
  }

  private value(name: string): string {
    return this.overrides[name] ?? settings[name]!.default;
  }

  private number(name: string): number {
    return Number(this.value(name));
  }
}
