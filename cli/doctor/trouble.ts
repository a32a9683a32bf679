/** Why AWS did not answer a question, as far as that changes what to do about it. */
export type TroubleKind =
  | 'no credentials'
  | 'bad credentials'
  | 'denied'
  | 'throttled'
  | 'unreachable'
  | 'other';
export type Trouble = Readonly<{ kind: TroubleKind; message: string }>;

const KINDS: readonly (readonly [RegExp, TroubleKind])[] = [
  [/^(CredentialsProviderError|TokenProviderError)$/, 'no credentials'],
  [
    /^(Expired|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature|InvalidAccessKeyId)/,
    'bad credentials',
  ],
  [/^(AccessDenied|Unauthorized|Authorization|Forbidden|NotAuthorized)/, 'denied'],
  [/^(Throttl|TooManyRequests|SlowDown|RequestLimitExceeded|LimitExceeded)/, 'throttled'],
  [
    /^(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE|TimeoutError|AbortError)$/,
    'unreachable',
  ],
];

const kindOf = (name: string): TroubleKind | null => KINDS.find(([form]) => form.test(name))?.[1] ?? null;

/** Reads an error of an SDK client, or of the network below it. */
export const troubleOf = (error: unknown): Trouble => {
  if (!(error instanceof Error)) return { kind: 'other', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const kind = kindOf(error.name) ?? kindOf(code);
  const message = (error.message || code || error.name).split('\n')[0] ?? '';
  return { kind: kind ?? 'other', message };
};
