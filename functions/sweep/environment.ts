import * as v from 'valibot';
import { nameVariable, policiesVariable } from '../../aws/lambda/read-environment.ts';

/** What `sweep` has to be told at its deployment. */
export const environment = v.object({
  LEDGER_TABLE: nameVariable,
  POLICY: policiesVariable,
});
