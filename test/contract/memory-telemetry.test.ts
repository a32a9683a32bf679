import { memoryTelemetry } from './memory-telemetry.ts';
import { type TelemetryUnderTest, telemetryContract } from './telemetry-contract.ts';

const underTest = (telemetry = memoryTelemetry()): TelemetryUnderTest => ({
  telemetry,
  samples: () => Promise.resolve([...telemetry.samples.values()]),
  incidents: () => Promise.resolve([...telemetry.incidents.values()]),
  restart: () => Promise.resolve(underTest(telemetry)),
  close: () => Promise.resolve(),
});

telemetryContract('the store in memory', () => Promise.resolve(underTest()), { exactCounts: true });
