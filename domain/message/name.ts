const NAME = /^[a-zA-Z0-9:_-]{1,128}$/;

/**
 * Whether a text may name a cylinder or a gateway: what AWS IoT accepts as a thing name, since every cylinder's
 * twin is a thing's shadow and names are levels of a topic.
 * https://docs.aws.amazon.com/iot/latest/apireference/API_CreateThing.html
 */
export const isName = (value: unknown): value is string => typeof value === 'string' && NAME.test(value);
