import type { Mapping } from '../../domain/mapping/mapping.ts';
import type { NamedSource, OnSourceEvent } from '../sources/source.ts';
import { pause } from '../timing/timing.ts';

/** The sources that are connected to by a map. */
export const LIVE_SOURCES = ['modbus', 'opcua', 'sparkplug'] as const;
export type LiveKind = (typeof LIVE_SOURCES)[number];

export const isLiveKind = (kind: string): kind is LiveKind => LIVE_SOURCES.some((one) => one === kind);

export type OpenedLive =
  | Readonly<{ ok: true; open(onEvent: OnSourceEvent): NamedSource; close(): void }>
  | Readonly<{ ok: false; message: string }>;

/**
 * Prepares a live source by a map: what it lacks, as a part of the map or a library, is a value. Each is imported where it
 * is asked for: a gateway that reads another has no memory for it.
 */
export const openLive = async (kind: LiveKind, mapping: Mapping | undefined): Promise<OpenedLive> => {
  const { modbus, opcua, sparkplug } = mapping ?? {};
  const closing = new AbortController();
  const parts = { now: Date.now, wait: pause, signal: closing.signal };
  const close = (): void => closing.abort();
  try {
    if (mapping !== undefined && kind === 'modbus' && modbus !== undefined) {
      const { linkName, openLink } = await import('../sources/modbus/modbus-link.ts');
      const { modbusSource } = await import('../sources/modbus/modbus-source.ts');
      await openLink(modbus);
      const name = linkName(modbus);
      return {
        ok: true,
        close,
        open: (onEvent) => ({ name, source: modbusSource({ ...parts, mapping, modbus, onEvent }) }),
      };
    }
    if (mapping !== undefined && kind === 'opcua' && opcua !== undefined) {
      const { loadOpcua } = await import('../sources/opcua/opcua-module.ts');
      const { opcuaSource } = await import('../sources/opcua/opcua-source.ts');
      await loadOpcua();
      const name = opcua.url;
      return {
        ok: true,
        close,
        open: (onEvent) => ({ name, source: opcuaSource({ ...parts, mapping, opcua, onEvent }) }),
      };
    }
    if (mapping !== undefined && kind === 'sparkplug' && sparkplug !== undefined) {
      const { loadSparkplug } = await import('../sources/sparkplug/sparkplug-payload.ts');
      const { sparkplugSource } = await import('../sources/sparkplug/sparkplug-source.ts');
      await loadSparkplug();
      const name = sparkplug.broker;
      return {
        ok: true,
        close,
        open: (onEvent) => ({ name, source: sparkplugSource({ ...parts, mapping, sparkplug, onEvent }) }),
      };
    }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
  return { ok: false, message: `needs a map that says where the devices are, as "${kind}"` };
};
