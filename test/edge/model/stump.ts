import { SENSORS } from '../../../domain/message/sample.ts';
import type { LoadModelResult } from '../../../edge/model/formats/read-model.ts';
import type { Model } from '../../../edge/model/model.ts';

type Stump = Readonly<{
  feature: number;
  split: number;
  left: number;
  right: number;
  defaultLeft?: boolean;
  names?: readonly string[];
}>;

/** The document of a model with one split, as XGBoost 1.7 would save it. */
export const stump = ({ feature, split, left, right, defaultLeft = false, names = SENSORS }: Stump) => ({
  learner: {
    attributes: {},
    feature_names: [...names],
    feature_types: [],
    gradient_booster: {
      model: {
        gbtree_model_param: { num_parallel_tree: '1', num_trees: '1', size_leaf_vector: '0' },
        tree_info: [0],
        trees: [
          {
            base_weights: [0, left, right],
            default_left: [defaultLeft ? 1 : 0, 0, 0],
            left_children: [1, -1, -1],
            loss_changes: [1, 0, 0],
            parents: [2147483647, 0, 0],
            right_children: [2, -1, -1],
            split_conditions: [split, left, right],
            split_indices: [feature, 0, 0],
            split_type: [0, 0, 0],
            sum_hessian: [4, 1, 3],
            tree_param: { num_deleted: '0', num_feature: '6', num_nodes: '3', size_leaf_vector: '0' },
          },
        ],
      },
      name: 'gbtree',
    },
    learner_model_param: { base_score: '5E-1', num_class: '0', num_feature: '6', num_target: '1' },
    objective: { name: 'binary:logistic', reg_loss_param: { scale_pos_weight: '1' } },
  },
  version: [1, 7, 6],
});

export const bytesOf = (document: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(document));

/** The model of a result that must be one. */
export const sound = (result: LoadModelResult): Model => {
  if (!result.ok) throw new Error(result.error.message);
  return result.model;
};
