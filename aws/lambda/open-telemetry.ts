import { FirehoseClient } from '@aws-sdk/client-firehose';
import { TimestreamWriteClient } from '@aws-sdk/client-timestream-write';
import type { EventStore } from '../../usecases/ports/event-store.ts';
import type { Telemetry } from '../../usecases/ports/telemetry.ts';
import { functionClient } from '../client-settings.ts';
import { createLakeTelemetry } from '../firehose/telemetry.ts';
import { createTimestreamTelemetry } from '../timestream/telemetry.ts';
import { traced } from './observed.ts';
import type { TelemetryVariables } from './read-environment.ts';

/** The telemetry store that the deployment chose. */
export const openTelemetry = (variables: TelemetryVariables): Telemetry & EventStore =>
  variables.TELEMETRY_STORE === 'lake'
    ? createLakeTelemetry({
        client: traced(new FirehoseClient(functionClient)),
        samplesStream: variables.LAKE_SAMPLES_STREAM,
        incidentsStream: variables.LAKE_INCIDENTS_STREAM,
        eventStreams: {
          notices: variables.LAKE_NOTICES_STREAM,
          transitions: variables.LAKE_TRANSITIONS_STREAM,
          commands: variables.LAKE_COMMANDS_STREAM,
          quarantine: variables.LAKE_QUARANTINE_STREAM,
        },
      })
    : createTimestreamTelemetry({
        client: traced(new TimestreamWriteClient(functionClient)),
        database: variables.TELEMETRY_DATABASE,
        table: variables.TELEMETRY_TABLE,
        incidentsTable: variables.INCIDENTS_TABLE,
        namesColumns: true,
      });
