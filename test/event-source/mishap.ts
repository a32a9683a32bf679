/**
 * What befalls a request: `invalid` would be however often it were asked; `refused` and `throttled` are answered and not carried out, `lost` is carried out and not
 * answered. A function that is `killed` does nothing any more, before its request or after.
 */
export type Mishap =
  | 'none'
  | 'invalid'
  | 'refused'
  | 'throttled'
  | 'unreached'
  | 'lost'
  | 'killed-before'
  | 'killed-after';

export type Service = 'dynamodb' | 's3' | 'sns' | 'sqs' | 'shadows' | 'telemetry';

/** A request as far as a mishap may depend on it. */
export type Asked = Readonly<{ service: Service; operation: string; path: string; body: string }>;

/** Says what befalls each request. */
export type Mishaps = (asked: Asked) => Mishap;
