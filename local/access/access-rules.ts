import { INFERENCE_TOPIC } from '../../domain/message/topic.ts';
import type { ShadowAccess } from '../shadow/answer-request.ts';
import { readShadowTopic } from '../shadow/read-request.ts';
import type { Role } from './mqtt-users.ts';

/** Who a client is: somebody on this machine, or a user that proved to be one. */
export type Identity = Readonly<{ kind: 'local' }> | Readonly<{ kind: 'user'; name: string; role: Role }>;

export const LOCAL: Identity = { kind: 'local' };

/** Where notices are published, for whoever subscribes: `sentinel/notices/<site>/<cylinder>`. */
export const NOTICE_TOPIC = 'sentinel/notices';

/** Whether a topic is another one, or below it. */
export const isUnder = (topic: string, parent: string): boolean =>
  topic === parent || topic.startsWith(`${parent}/`);

/** Whether nobody but the program itself publishes there: notices, answers, and all of `$…` but requests to shadows. */
export const isReserved = (topic: string): boolean =>
  isUnder(topic, NOTICE_TOPIC) ||
  isUnder(topic, 'sentinel/answer') ||
  (topic.startsWith('$') && readShadowTopic(topic) === null);

/** Whether a client may publish on a topic that is not reserved. */
export const mayPublish = (identity: Identity, topic: string): boolean => {
  if (identity.kind === 'local') return true;
  if (identity.role !== 'gateway')
    return (
      readShadowTopic(topic) !== null ||
      // What is in quarantine can be put back by who asks there.
      (topic.startsWith('sentinel/ask/') &&
        (identity.role === 'operator' || !isUnder(topic, 'sentinel/ask/quarantine')))
    );
  return (
    isUnder(topic, `${INFERENCE_TOPIC}/${identity.name}`) || topic === `greengrass/ml/status/${identity.name}`
  );
};

/** A gateway has nothing to read. */
export const maySubscribe = (identity: Identity): boolean =>
  identity.kind === 'local' || identity.role !== 'gateway';

export const shadowRights = (identity: Identity): Pick<ShadowAccess, 'mayCommand'> => ({
  mayCommand: identity.kind === 'local' || identity.role === 'operator',
});

/** Names who a client is, for the log and for what is bounded by user. */
export const nameOfIdentity = (identity: Identity): string =>
  identity.kind === 'local' ? 'this machine' : `${identity.role} '${identity.name}'`;
