import { isName } from '../../domain/message/topic.ts';
import { REJECTIONS, type Rejection } from './rejection.ts';

export type Operation = 'get' | 'update' | 'delete';

/** A shadow of a thing; its classic, unnamed one where `shadowName` is null. */
export type ShadowKey = Readonly<{ thing: string; shadowName: string | null }>;

/** A request topic: where answers go, and whose shadow is meant unless a name is none. */
export type ShadowTopic = Readonly<{
  prefix: string;
  operation: Operation;
  key: ShadowKey;
  rejection: Rejection | null;
}>;

const TOPIC = /^(\$aws\/things\/([^/]+)\/shadow(?:\/name\/([^/]+))?)\/(get|update|delete)$/;
const SHADOW_NAME = /^[a-zA-Z0-9:_$-]{1,64}$/;

/** https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-mqtt.html */
export const shadowTopicPrefix = ({ thing, shadowName }: ShadowKey): string =>
  `$aws/things/${thing}/shadow${shadowName === null ? '' : `/name/${shadowName}`}`;

/** Reads a topic on which clients ask; null for any other, answers among them. */
export const readShadowTopic = (topic: string): ShadowTopic | null => {
  const [, prefix, thing, shadowName = null, operation] = TOPIC.exec(topic) ?? [];
  if (prefix === undefined || thing === undefined || !isOperation(operation)) return null;
  return { prefix, operation, key: { thing, shadowName }, rejection: checkNames(thing, shadowName) };
};

const isOperation = (word: string | undefined): word is Operation =>
  word === 'get' || word === 'update' || word === 'delete';

const checkNames = (thing: string, shadowName: string | null): Rejection | null => {
  if (!isName(thing)) return REJECTIONS.invalidThingName;
  return shadowName === null || SHADOW_NAME.test(shadowName) ? null : REJECTIONS.invalidShadowName;
};
