import type { Api } from '../protocol/api.js';
import { apiVersions } from './api-versions.js';
import { createPartitions, createTopics, deleteRecords, deleteTopics } from './topics.js';
import { alterConfigs, describeConfigs } from './configs.js';
import { fetch } from './fetch.js';
import { deleteGroups, describeGroups, listGroups } from './group-administration.js';
import { findCoordinator, heartbeat, joinGroup, leaveGroup, syncGroup } from './group-membership.js';
import { offsetCommit, offsetFetch } from './group-offsets.js';
import { listOffsets } from './list-offsets.js';
import { metadata } from './metadata.js';
import { produce } from './produce.js';
import {
  addOffsetsToTxn,
  addPartitionsToTxn,
  endTxn,
  initProducerId,
  txnOffsetCommit,
} from './transactions.js';

const served: Api[] = [
  produce,
  fetch,
  listOffsets,
  metadata,
  offsetCommit,
  offsetFetch,
  findCoordinator,
  joinGroup,
  heartbeat,
  leaveGroup,
  syncGroup,
  describeGroups,
  listGroups,
  createTopics,
  deleteTopics,
  deleteRecords,
  initProducerId,
  addPartitionsToTxn,
  addOffsetsToTxn,
  endTxn,
  txnOffsetCommit,
  describeConfigs,
  alterConfigs,
  createPartitions,
  deleteGroups,
];

/** Every API that is served, by its key. */
export const apis: ReadonlyMap<number, Api> = new Map(
  [...served, apiVersions(served)].map((api) => [api.key, api]),
);
