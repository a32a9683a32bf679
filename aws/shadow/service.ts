import {
  ConflictException,
  DeleteThingShadowCommand,
  GetThingShadowCommand,
  type IoTDataPlaneClient,
  RequestEntityTooLargeException,
  ResourceNotFoundException,
  UpdateThingShadowCommand,
} from '@aws-sdk/client-iot-data-plane';
import * as v from 'valibot';
import type { Fields } from '../../domain/fields.ts';
import { failed, ShadowError } from '../aws-error.ts';

/** A shadow as it stood at `version`; `desiredMetadata` says when what is desired was set, s. */
export type Shadow = Readonly<{
  version: number;
  reported: Fields;
  desired: Fields;
  desiredMetadata: Fields;
}>;

export type WriteOutcome =
  | Readonly<{ kind: 'written'; version: number }>
  | Readonly<{ kind: 'conflict' }>
  | Readonly<{ kind: 'too-large' }>;

export type ShadowService = Readonly<{
  read(thing: string): Promise<Shadow | null>;
  /** Merges patches into what is reported and desired, if the shadow stands at `version` (null: however it stands). */
  write(
    thing: string,
    patches: Readonly<{ reported?: Fields; desired?: Fields }>,
    version: number | null,
  ): Promise<WriteOutcome>;
  /** Merges into what is desired. */
  desire(thing: string, desired: Fields): Promise<void>;
  /** Takes the shadow away; whether there was one. */
  remove(thing: string): Promise<boolean>;
}>;

const fields = v.record(v.string(), v.unknown());
const shadowDocument = v.object({
  state: v.optional(v.object({ reported: v.optional(fields, {}), desired: v.optional(fields, {}) }), {}),
  metadata: v.optional(v.object({ desired: v.optional(fields, {}) }), {}),
  version: v.number(),
});
const answer = v.object({ version: v.number() });

const encode = (state: object): Uint8Array => new TextEncoder().encode(JSON.stringify(state));

const decode = (payload: Uint8Array | undefined): unknown =>
  JSON.parse(new TextDecoder().decode(payload ?? new Uint8Array()));

/**
 * The named shadow of every thing, over HTTP. A thing need not be registered: AWS keeps shadows by name alone.
 * https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-rest-api.html
 */
export const createShadowService = (client: IoTDataPlaneClient, shadowName: string): ShadowService => ({
  read: async (thingName) => {
    try {
      const { payload } = await client.send(new GetThingShadowCommand({ thingName, shadowName }));
      const { state, metadata, version } = v.parse(shadowDocument, decode(payload));
      const { reported = {}, desired = {} } = state;
      return { version, reported, desired, desiredMetadata: metadata.desired ?? {} };
    } catch (cause) {
      if (cause instanceof ResourceNotFoundException) return null;
      return failed(ShadowError, `the shadow ${shadowName} of ${thingName} could not be read`)(cause);
    }
  },

  write: async (thingName, patches, version) => {
    const update = { state: patches, ...(version === null ? {} : { version }) };
    try {
      const { payload } = await client.send(
        new UpdateThingShadowCommand({
          thingName,
          shadowName,
          payload: encode(update),
        }),
      );
      return { kind: 'written', version: v.parse(answer, decode(payload)).version };
    } catch (cause) {
      if (cause instanceof ConflictException) return { kind: 'conflict' };
      if (cause instanceof RequestEntityTooLargeException) return { kind: 'too-large' };
      return failed(ShadowError, `the shadow ${shadowName} of ${thingName} could not be written`)(cause);
    }
  },

  desire: async (thingName, desired) => {
    await client
      .send(new UpdateThingShadowCommand({ thingName, shadowName, payload: encode({ state: { desired } }) }))
      .catch(failed(ShadowError, `the shadow ${shadowName} of ${thingName} could not be written`));
  },

  remove: async (thingName) => {
    try {
      await client.send(new DeleteThingShadowCommand({ thingName, shadowName }));
      return true;
    } catch (cause) {
      if (cause instanceof ResourceNotFoundException) return false;
      return failed(ShadowError, `the shadow ${shadowName} of ${thingName} could not be deleted`)(cause);
    }
  },
});
