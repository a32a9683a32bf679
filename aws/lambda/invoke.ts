import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as v from 'valibot';
import { explainAwsError, isRefusedToCaller } from '../aws-error.ts';

/** A function to be called with an event, and what in its answer means that nothing was won. */
export type Call = Readonly<{
  functionName: string;
  event: unknown;
  /** Why the answer says that this has to stay where it is, or null. */
  refusal?: (answer: unknown) => string | null;
}>;

/** Makes a call and waits for its end: null where all went well, else why not. Rejects where nobody may call. */
export type Invoke = (call: Call) => Promise<string | null>;

const failures = v.object({ batchItemFailures: v.pipe(v.array(v.unknown()), v.minLength(1)) });
const thrown = v.object({ errorMessage: v.string() });

const decode = (payload: Uint8Array | undefined): unknown => {
  const text = new TextDecoder().decode(payload ?? new Uint8Array());
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

export const createInvoke =
  (client: LambdaClient): Invoke =>
  async ({ functionName, event, refusal }) => {
    try {
      const { FunctionError, Payload } = await client.send(
        new InvokeCommand({
          FunctionName: functionName,
          InvocationType: 'RequestResponse',
          Payload: new TextEncoder().encode(JSON.stringify(event)),
        }),
      );
      const answer = decode(Payload);
      if (FunctionError !== undefined) {
        const error = v.safeParse(thrown, answer);
        return `${functionName} failed: ${error.success ? error.output.errorMessage : FunctionError}`;
      }
      const partial = v.safeParse(failures, answer);
      if (partial.success)
        return `${functionName} failed at ${partial.output.batchItemFailures.length} of its records`;
      return refusal?.(answer) ?? null;
    } catch (error) {
      const explained = explainAwsError(`${functionName} was not called`, error);
      if (isRefusedToCaller(explained)) throw explained;
      return explained.message;
    }
  };
