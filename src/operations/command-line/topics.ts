import { applyTopicPlan, planTopics, type TopicDifference } from '../../publishing/topic-plan.js';
import { wantedTopics } from '../../publishing/topics.js';
import { topicSettings } from '../roles/publisher.js';
import { onKafka, say } from './operation.js';

interface Options {
  readonly json?: boolean;
}

/** Exit code 1 where there is a difference, so that a pipeline can wait for none. */
export async function planTopicsCommand({ json }: Options): Promise<void> {
  await onKafka(async ({ admin, configuration }) => {
    const settings = topicSettings(configuration);
    const differences = await planTopics(admin, settings);
    tell(wantedTopics(settings).length, differences, json);
    if (differences.length > 0) process.exitCode = 1;
  });
}

/** Exit code 3 where something is left to a person. */
export async function applyTopicsCommand({ json }: Options): Promise<void> {
  await onKafka(async ({ admin, configuration }) => {
    const settings = topicSettings(configuration);
    const left = await applyTopicPlan(admin, settings);
    tell(wantedTopics(settings).length, left, json);
    if (left.length > 0) process.exitCode = 3;
  });
}

function tell(topics: number, differences: readonly TopicDifference[], json = false): void {
  if (json) return say(JSON.stringify({ topics, differences }));
  for (const { topic, property, actual, wanted, refusal } of differences) {
    const difference = `${topic}: ${property}: ${actual}, wanted ${wanted}`;
    say(refusal === undefined ? difference : `${difference}; not applied: ${refusal}`);
  }
  say(`${topics} topics, ${differences.length} differences`);
}
