import { damaged } from '../model-error.ts';
import { isDeleted, type TreeRecord } from './booster-record.ts';
import { categorical } from './check-booster.ts';

/** Refuses a tree that is none: children out of range, met twice or apart, numbers that are not finite, lost nodes. */
export const checkTree = (tree: TreeRecord, featureCount: number, number: number): void => {
  const count = tree.left.length;
  if (count === 0) throw damaged(`tree ${number} has no nodes`);
  const seen = new Uint8Array(count);
  const waiting = [0];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    seen[node] = 1;
    const at = `node ${node} of tree ${number}`;
    if (!Number.isFinite(tree.value[node])) throw damaged(`${at} has a value that is not finite`);
    const left = tree.left[node] ?? -1;
    if (left === -1) continue;
    checkSplit(tree, node, featureCount, at);
    for (const child of [left, left + 1]) {
      if (child <= 0 || child >= count) throw damaged(`${at} has a child ${child}, which is not there`);
      if (seen[child] === 1) throw damaged(`${at} has a child ${child} that hangs elsewhere already`);
      if (tree.parent[child] !== node) throw damaged(`node ${child} of tree ${number} denies its parent`);
      seen[child] = 1;
      waiting.push(child);
    }
  }
  const lost = seen.findIndex((met, node) => met === 0 && !isDeleted(tree, node));
  if (lost !== -1) throw damaged(`node ${lost} of tree ${number} cannot be reached`);
};

const checkSplit = (tree: TreeRecord, node: number, featureCount: number, at: string): void => {
  if (tree.right[node] !== (tree.left[node] ?? 0) + 1) throw damaged(`${at} has children that are apart`);
  if (tree.categorical[node] !== 0) throw categorical();
  const feature = tree.feature[node] ?? -1;
  if (feature < 0 || feature >= featureCount)
    throw damaged(`${at} splits on feature ${feature} of ${featureCount}`);
};
