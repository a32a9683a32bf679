import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { explained } from '../aws-error.ts';
import type { Kept, KeptItem } from '../kept.ts';

type Options = Readonly<{ client: SQSClient; queueUrl: string; now: () => number }>;

/** Longer than ten calls take; whoever else looks meanwhile does not see the letters that are being put back. */
const HIDDEN_S = 15 * 60;

const COUNTS = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;

/**
 * Counts the letters, seen by somebody or not: about, as SQS says it.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
 */
export const countDeadLetters =
  ({ client, queueUrl: QueueUrl }: Pick<Options, 'client' | 'queueUrl'>) =>
  async (): Promise<number> => {
    const { Attributes = {} } = await client
      .send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] }))
      .catch(explained('the dead letters could not be counted'));
    return COUNTS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  };

type Letter = Readonly<{ id: string; handle: string; text: string; sentAt: number }>;

const letterOf = (
  { MessageId = '', ReceiptHandle = '', Body = '', Attributes }: Message,
  now: number,
): Letter => {
  const sentAt = Number(Attributes?.SentTimestamp);
  return { id: MessageId, handle: ReceiptHandle, text: Body, sentAt: Number.isFinite(sentAt) ? sentAt : now };
};

/** The letters of a dead-letter queue; those that stay are to be seen again at once when the source is closed. */
export const deadLetters = ({ client, queueUrl: QueueUrl, now }: Options): Kept => {
  const held = new Map<string, string>();
  const seen = new Set<string>();

  const receive = async (): Promise<readonly Letter[]> => {
    const command = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: HIDDEN_S,
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['SentTimestamp'],
    });
    const { Messages = [] } = await client
      .send(command)
      .catch(explained('the dead letters could not be read'));
    return Messages.map((message) => letterOf(message, now()));
  };

  const itemOf = ({ id, text, sentAt }: Letter): KeptItem => ({
    name: `dead letter ${id}`,
    text,
    keptAt: sentAt,
    remove: async () => {
      await client
        .send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: held.get(id) }))
        .catch(explained(`dead letter ${id} is put back but could not be deleted`));
      held.delete(id);
    },
  });

  return {
    items: async function* () {
      for (let letters = await receive(); letters.length > 0; letters = await receive()) {
        for (const { id, handle } of letters) held.set(id, handle);
        const fresh = letters.filter(({ id }) => !seen.has(id));
        if (fresh.length === 0) return;
        for (const letter of fresh) {
          seen.add(letter.id);
          yield itemOf(letter);
        }
      }
    },
    close: async () => {
      for (const [id, ReceiptHandle] of held) {
        await client
          .send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }))
          .catch(explained(`dead letter ${id} stays, but is not to be seen for ${HIDDEN_S / 60} min`));
      }
    },
  };
};
