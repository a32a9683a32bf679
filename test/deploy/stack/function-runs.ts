import * as v from 'valibot';
import { askJson } from './ask-aws.ts';
import type { DeployedStack } from './deployed-stack.ts';

type Where = Pick<DeployedStack, 'endpoint' | 'region' | 'name'>;

const page = v.object({
  events: v.array(v.object({ message: v.string() })),
  nextToken: v.optional(v.string()),
});

/** How often a function of the stack has run to an end, well or not, as its log tells it. */
export const runsOf = async ({ endpoint, region, name: stack }: Where, name: string): Promise<number> => {
  let runs = 0;
  let nextToken: string | undefined;
  do {
    const logGroupName = `/aws/lambda/${stack}-${name}`;
    const answer = await askJson({ endpoint, region, service: 'logs' }, 'Logs_20140328.FilterLogEvents', {
      logGroupName,
      filterPattern: 'REPORT',
      nextToken,
    });
    const { events, nextToken: following } = v.parse(page, answer);
    runs += events.filter(({ message }) => message.startsWith('REPORT RequestId:')).length;
    nextToken = following;
  } while (nextToken !== undefined);
  return runs;
};
