/** One condition of a subscription's filter policy on a text: a value, or a rule. */
type Condition = string | Readonly<{ prefix: string }> | Readonly<{ 'anything-but': readonly string[] }>;

export type FilterPolicy = Readonly<Record<string, readonly Condition[]>>;

const holds = (condition: Condition, value: string): boolean => {
  if (typeof condition === 'string') return value === condition;
  return 'prefix' in condition
    ? value.startsWith(condition.prefix)
    : !condition['anything-but'].includes(value);
};

/**
 * Whether SNS delivers a message with these attributes to a subscription with this filter policy: each key must be there
 * and one of its conditions hold, so a message that lacks an attribute passes no condition on it, not even anything-but.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export const isDelivered = (policy: FilterPolicy, attributes: Readonly<Record<string, string>>): boolean =>
  Object.entries(policy).every(([key, conditions]) => {
    const value = attributes[key];
    return value !== undefined && conditions.some((condition) => holds(condition, value));
  });
