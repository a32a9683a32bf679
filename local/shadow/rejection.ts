/**
 * Why a request was refused, in the codes and words of AWS.
 * https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-error-messages.html
 */
export type Rejection = Readonly<{ code: number; message: string }>;

export const REJECTIONS = {
  invalidJson: { code: 400, message: 'Invalid JSON' },
  stateMissing: { code: 400, message: 'Missing required node: state' },
  stateNotObject: { code: 400, message: 'State node must be an object' },
  desiredNotObject: { code: 400, message: 'Desired node must be an object' },
  reportedNotObject: { code: 400, message: 'Reported node must be an object' },
  invalidVersion: { code: 400, message: 'Invalid version' },
  invalidClientToken: { code: 400, message: 'Invalid clientToken' },
  tooDeep: { code: 400, message: 'JSON contains too many levels of nesting; maximum is 8' },
  invalidNode: { code: 400, message: 'State contains an invalid node' },
  invalidThingName: { code: 400, message: 'Invalid thing name' },
  invalidShadowName: { code: 400, message: 'Invalid shadow name' },
  reportedIsOurs: { code: 403, message: 'Forbidden: reported is written by the pipeline alone' },
  mayNotCommand: { code: 403, message: 'Forbidden: this user may not command' },
  tooManyShadows: { code: 403, message: 'Forbidden: too many shadows of things that never spoke' },
  versionConflict: { code: 409, message: 'Version conflict' },
  tooLarge: { code: 413, message: 'The payload exceeds the maximum size allowed' },
  notUtf8: { code: 415, message: 'Unsupported documented encoding; supported encoding is UTF-8' },
  tooMany: { code: 429, message: 'Too many requests' },
  internal: { code: 500, message: 'Internal service failure' },
} as const satisfies Record<string, Rejection>;

export const noShadow = (name: string): Rejection => ({
  code: 404,
  message: `No shadow exists with name: '${name}'`,
});
