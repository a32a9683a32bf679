// @ts-check
import { installDriver } from '../../edge/drivers/driver.ts';
import { installOnce } from '../../infra/install-once.js';

/**
 * Installs the servers that live sources are read from into this folder on first use, and what the sources need into
 * the cache of this user.
 */
export const installServers = async () => {
  installOnce(import.meta.dirname, 'the servers of OPC UA and Sparkplug B into test/sources (96 MB)', [
    '--ignore-scripts',
  ]);
  await installDriver('opcua');
  await installDriver('sparkplug');
  await installDriver('serial');
};
