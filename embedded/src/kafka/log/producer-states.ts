import { KafkaError } from '../protocol/error-codes.js';
import type { BatchHeader } from './record-batch.js';

/** As many of a producer's latest batches are remembered as it may have in flight. */
const REMEMBERED_BATCHES = 5;
const MAX_SEQUENCE = 0x7fffffff;

interface RememberedBatch {
  baseSequence: number;
  lastSequence: number;
  baseOffset: number;
}

export interface ProducerState {
  producerId: number;
  epoch: number;
  batches: RememberedBatch[];
}

/** What a partition knows of the idempotent producers that wrote to it: enough to tell repeated and lost batches. */
export class ProducerStates {
  private readonly states = new Map<number, ProducerState>();

  /**
   * Says whether a batch was stored already: the offset it got then, or undefined for a new one.
   * Throws INVALID_PRODUCER_EPOCH for a fenced producer, OUT_OF_ORDER_SEQUENCE_NUMBER for a gap.
   */
  check({
    producerId,
    producerEpoch,
    baseSequence,
    baseOffset,
    lastOffset,
  }: BatchHeader): number | undefined {
    const state = this.states.get(producerId);
    // A producer nobody remembers, perhaps because its records expired, may begin anywhere.
    if (producerId < 0 || !state) return undefined;
    if (producerEpoch < state.epoch) {
      throw new KafkaError(
        'INVALID_PRODUCER_EPOCH',
        `epoch ${producerEpoch} was succeeded by ${state.epoch}`,
      );
    }
    if (producerEpoch > state.epoch) {
      if (baseSequence !== 0) throw outOfOrder(baseSequence, -1);
      return undefined;
    }
    const lastSequence = sequenceAfter(baseSequence, lastOffset - baseOffset);
    const duplicate = state.batches.find(
      (batch) => batch.baseSequence === baseSequence && batch.lastSequence === lastSequence,
    );
    if (duplicate) return duplicate.baseOffset;
    const previous = state.batches.at(-1)?.lastSequence ?? -1;
    if (baseSequence !== sequenceAfter(previous, 1)) throw outOfOrder(baseSequence, previous);
    return undefined;
  }

  /** Remembers a batch that was given its offset. */
  accept(header: BatchHeader): void {
    const { producerId, producerEpoch, baseSequence, baseOffset, lastOffset } = header;
    if (producerId < 0) return;
    const state = this.stateAt(producerId, producerEpoch);
    if (header.isControl) return;
    const lastSequence = sequenceAfter(baseSequence, lastOffset - baseOffset);
    state.batches = [...state.batches, { baseSequence, lastSequence, baseOffset }].slice(-REMEMBERED_BATCHES);
  }

  dump(): ProducerState[] {
    return [...this.states.values()];
  }

  restore(states: readonly ProducerState[]): void {
    for (const state of states) this.states.set(state.producerId, state);
  }

  private stateAt(producerId: number, epoch: number): ProducerState {
    const known = this.states.get(producerId);
    if (known?.epoch === epoch) return known;
    const state = { producerId, epoch, batches: [] };
    this.states.set(producerId, state);
    return state;
  }
}

function sequenceAfter(sequence: number, increment: number): number {
  const next = sequence + increment;
  return next > MAX_SEQUENCE ? next - MAX_SEQUENCE - 1 : next;
}

function outOfOrder(sequence: number, previous: number): KafkaError {
  return new KafkaError('OUT_OF_ORDER_SEQUENCE_NUMBER', `sequence ${sequence} does not follow ${previous}`);
}
