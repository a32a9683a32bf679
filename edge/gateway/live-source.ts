import type { Mapping } from '../../domain/mapping/mapping.ts';
import { linkName, openLink } from '../sources/modbus/modbus-link.ts';
import { modbusSource } from '../sources/modbus/modbus-source.ts';
import { loadOpcua } from '../sources/opcua/opcua-module.ts';
import { opcuaSource } from '../sources/opcua/opcua-source.ts';
import type { NamedSource, OnSourceEvent } from '../sources/source.ts';
import { loadSparkplug } from '../sources/sparkplug/sparkplug-payload.ts';
import { sparkplugSource } from '../sources/sparkplug/sparkplug-source.ts';
import { pause } from '../timing/timing.ts';

/** The sources that are connected to by a map. */
export const LIVE_SOURCES = ['modbus', 'opcua', 'sparkplug'] as const;
export type LiveKind = (typeof LIVE_SOURCES)[number];

export const isLiveKind = (kind: string): kind is LiveKind => LIVE_SOURCES.some((one) => one === kind);

export type OpenedLive =
  | Readonly<{ ok: true; open(onEvent: OnSourceEvent): NamedSource; close(): void }>
  | Readonly<{ ok: false; message: string }>;

/** Prepares a live source by a map: what it lacks, as a part of the map or a library, is a value. */
export const openLive = async (kind: LiveKind, mapping: Mapping | undefined): Promise<OpenedLive> => {
  const { modbus, opcua, sparkplug } = mapping ?? {};
  const closing = new AbortController();
  const parts = { now: Date.now, wait: pause, signal: closing.signal };
  const close = (): void => closing.abort();
  try {
    if (mapping !== undefined && kind === 'modbus' && modbus !== undefined) {
      await openLink(modbus);
      const name = linkName(modbus);
      return {
        ok: true,
        close,
        open: (onEvent) => ({ name, source: modbusSource({ ...parts, mapping, modbus, onEvent }) }),
      };
    }
    if (mapping !== undefined && kind === 'opcua' && opcua !== undefined) {
      await loadOpcua();
      const name = opcua.url;
      return {
        ok: true,
        close,
        open: (onEvent) => ({ name, source: opcuaSource({ ...parts, mapping, opcua, onEvent }) }),
      };
    }
    if (mapping !== undefined && kind === 'sparkplug' && sparkplug !== undefined) {
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
