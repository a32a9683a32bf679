import type { AttributeValue } from 'aws-lambda';
import { recordedEvent } from '../fixture/recorded-event.ts';
import type { Line } from './line.ts';

type Change = Readonly<{
  dynamodb: Readonly<{ SequenceNumber: string; NewImage?: Readonly<Record<string, AttributeValue>> }>;
}>;

/** The changes of the recorded event of the ledger's stream, to be altered as a test likes. */
export const changes = (): readonly Change[] =>
  JSON.parse(JSON.stringify(recordedEvent('ledger-changes').Records));

/** The ledger as it was when the recorded changes had been made, with nothing told. */
export const withChanges = ({ dynamo }: Line): void => {
  for (const { dynamodb } of changes()) {
    const { NewImage } = dynamodb;
    if (NewImage !== undefined && NewImage.toldAt === undefined && NewImage.tellingUntil === undefined)
      dynamo.table.put(NewImage);
  }
  dynamo.table.stream();
};
