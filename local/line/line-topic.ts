/** Where a client asks how the line stands, and what becomes of incidents: the last level names the asking. */
const TOPIC = /^sentinel\/ask\/(status|incidents)\/([\w-]{1,64})$/;

export type LineAsking = Readonly<{ what: 'status' | 'incidents'; answer: string }>;

export const askTopic = (what: LineAsking['what'], token: string): string => `sentinel/ask/${what}/${token}`;

export const answerTopic = (token: string): string => `sentinel/answer/${token}`;

/** Reads a topic on which somebody asks; null for any other. */
export const readLineTopic = (topic: string): LineAsking | null => {
  const [, what, token = ''] = TOPIC.exec(topic) ?? [];
  return what === 'status' || what === 'incidents' ? { what, answer: answerTopic(token) } : null;
};
