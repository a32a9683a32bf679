import { DUE_KINDS } from '../aws/dynamodb/key.ts';
import {
  COMMANDS_PER_INCIDENT,
  LATEST_READ_UNITS,
  NOTICES_PER_INCIDENT,
  RECENT_READ_UNITS,
  SWEEP_EVERY_S,
} from './assumed.ts';
import type { Plan } from './plan.ts';
import {
  GATEWAY_ITEM_BYTES,
  INCIDENT_ITEM_BYTES,
  INDEX_ENTRY_BYTES,
  NOTICE_ITEM_BYTES,
  STATE_ITEM_BYTES,
  TWIN_ITEM_BYTES,
} from './sizes.ts';
import type { Traffic } from './traffic.ts';

export type LedgerCalls = Readonly<{
  /** Units of 1 KB on the table, twice as many within a transaction; and on its index of due times. */
  ledgerWriteUnits: number;
  ledgerIndexWriteUnits: number;
  /** Units of 4 KB. */
  ledgerReadUnits: number;
  ledgerGbMonths: number;
}>;

const units = (bytes: number): number => Math.ceil(bytes / 1024);

const STATE = units(STATE_ITEM_BYTES);
const TWIN = units(TWIN_ITEM_BYTES);
const NOTICE = units(NOTICE_ITEM_BYTES);
const INCIDENT = units(INCIDENT_ITEM_BYTES);
/** In a transaction everything counts twice; leaving a place in an index and taking another are two writes. */
const TRANSACTION = 2;
const MOVE = 2;
/** Of an incident: what is due next lies hours ahead once it is silent or acknowledged, and soon when it is heard of again. */
const MOVES_PER_INCIDENT = 2;

/** What a round of the canary writes, nothing of it above 1 KB: its state with two notices, each claimed and marked, its gateway. */
export const CANARY_WRITE_UNITS = TRANSACTION * 3 + 2 * 2 + 1;
export const CANARY_READ_UNITS = 4 * LATEST_READ_UNITS;

const writeUnits = (traffic: Traffic): number => {
  const { cylinderSaves, gatewaySaves, twinChanges, incidents } = traffic;
  const plain = (cylinderSaves - twinChanges) * STATE;
  const withTwin = twinChanges * TRANSACTION * (STATE + TWIN);
  // A notice is put down, claimed by who sends it, and marked as sent.
  const notices = incidents * NOTICES_PER_INCIDENT * (TRANSACTION * (NOTICE + INCIDENT) + 2 * NOTICE);
  const commands = incidents * COMMANDS_PER_INCIDENT * TRANSACTION * (STATE + TWIN + INCIDENT);
  return plain + withTwin + gatewaySaves * units(GATEWAY_ITEM_BYTES) + notices + commands;
};

const readUnits = (
  { seconds, cylinderSaves, gatewayReads, gateways }: Traffic,
  cylinders: number,
): number => {
  const records = cylinders + gateways;
  const sweeps = seconds / SWEEP_EVERY_S;
  // The index is asked for what is due and for what is due too far ahead; each answer counts in steps of 4 KB.
  const partitions = DUE_KINDS.length - 1;
  const answers = partitions * Math.ceil(((records / partitions) * INDEX_ENTRY_BYTES) / 4096);
  const asked = answers + 1 + DUE_KINDS.length;
  return (cylinderSaves + gatewayReads + sweeps * (records + asked)) * RECENT_READ_UNITS;
};

/** What the ledger is asked for: a state read and written for each batch, twins and notices in transactions, the sweep. */
export const ledgerCalls = ({ cylinders, incidents, monthsKept }: Plan, traffic: Traffic): LedgerCalls => ({
  ledgerWriteUnits: writeUnits(traffic),
  ledgerIndexWriteUnits: traffic.incidents * MOVES_PER_INCIDENT * MOVE,
  ledgerReadUnits: readUnits(traffic, cylinders),
  ledgerGbMonths:
    (cylinders * (STATE_ITEM_BYTES + TWIN_ITEM_BYTES + incidents * monthsKept * INCIDENT_ITEM_BYTES)) / 1e9,
});
