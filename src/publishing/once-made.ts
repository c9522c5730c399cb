import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';

// Node finds only some of kafkajs's exports by their names.
const { KafkaJSError } = kafkajs;

/** How often, and after which wait, it is looked whether what was made is there. */
const LOOKS = 25;
const LOOK_WAIT_MS = 200;

/**
 * What the broker answers once it is so, or at last. It may say that a topic is made before it knows of it, or who
 * leads it: so it is asked until it does. Raises kafkajs's errors.
 */
export async function onceMade<Answer>(
  ask: () => Promise<Answer>,
  isSo: (answer: Answer) => boolean,
): Promise<Answer> {
  for (let looks = 1; ; looks++) {
    try {
      const answer = await ask();
      if (looks === LOOKS || isSo(answer)) return answer;
    } catch (error) {
      const isToAskAgain = error instanceof KafkaJSError && error.retriable;
      if (looks === LOOKS || !isToAskAgain) throw error;
    }
    await sleep(LOOK_WAIT_MS);
  }
}
