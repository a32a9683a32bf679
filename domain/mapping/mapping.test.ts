import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SENSORS, type Sensor } from '../message/sample.ts';
import { sensorConversion } from './convert-sensor.ts';
import { readMapping } from './mapping.ts';

const faults = (value: unknown): string => {
  const reading = readMapping(value);
  return reading.ok ? '' : reading.faults.map(({ field, message }) => `${field} ${message}`).join('; ');
};

const WRONG: readonly (readonly [unknown, RegExp])[] = [
  [null, /^mapping must be an object$/],
  [[], /^mapping must be an object$/],
  [{ sensor: {} }, /^sensor is not a field of a mapping: check the spelling$/],
  [{ sensors: { rVibration_temp: 'x' } }, /^sensors\.rVibration_temp is not a field/],
  [{ sensors: { wRMSCurrent: { scale: 2 } } }, /^sensors\.wRMSCurrent\.from must be there/],
  [{ sensors: { wRMSCurrent: { from: 'i', scael: 2 } } }, /^sensors\.wRMSCurrent\.scael is not a field/],
  [{ sensors: { wRMSCurrent: { from: 'i', scale: '2' } } }, /^sensors\.wRMSCurrent\.scale must be a number$/],
  [
    { sensors: { wRMSCurrent: { from: 'i', unit: '°C' } } },
    /unit "°C" is none for this sensor; it may be A, mA/,
  ],
  [{ sensors: { wRMSCurrent: { from: 'i', unit: 'V' } } }, /unit "V" needs perVolt/],
  [{ sensors: { rVibration_Z_RMS_Velocity: { from: 'z', unit: 'g' } } }, /unit "g" needs hz/],
  [{ sensors: { wRMSCurrent: { from: 'i', min: 5, max: 5 } } }, /min must be below max, 5$/],
  [{ cylinder: 'press.1' }, /^cylinder\.name must be a name .*: it has a dot/],
  [{ cylinder: {} }, /^cylinder must be a name, \{ "from": … \}/],
  [{ cylinder: { from: 'a', topic: 1 } }, /^cylinder must be a name/],
  [{ cylinder: { topic: 0 } }, /^cylinder\.topic counts levels from 1$/],
  [{ cylinder: { key: true } }, /^cylinder is a key of samples/],
  [{ time: { as: 'epoch' } }, /^time\.as must be one of auto, epoch-s, /],
  [{ time: { from: 'ts', zone: 'Mars/Olympus' } }, /^time\.zone "Mars\/Olympus" is no zone/],
  [{ time: { arrival: true, from: 'ts' } }, /^time is that of arrival/],
  [{ devices: [{ cylinder: 'a', at: 'A' }] }, /^devices are told apart by nothing: the sensors need \{at\}/],
  [{ sensors: { wRMSCurrent: '{at}.i' } }, /^devices must say what \{at\} in the sensors stands for$/],
  [
    { cylinder: 'a', devices: [{ cylinder: 'a', at: 'A' }], sensors: { wRMSCurrent: '{at}.i' } },
    /^cylinder is said by devices/,
  ],
  [{ decimal: ';' }, /^decimal must be "\." or ","$/],
  [{ periodMs: 0.5 }, /^periodMs must be whole ms$/],
  [{ modbus: { host: 'h', devices: [] } }, /^modbus\.devices must name a device$/],
  [
    { modbus: { host: 'h', devices: [{ cylinder: 'a', unit: 300 }] } },
    /^modbus\.devices\.0\.unit must be a whole number from 0 to 255$/,
  ],
  [
    { modbus: { host: 'h', devices: [{ cylinder: 'a', unit: 1 }] } },
    /^sensors must say in which registers they are$/,
  ],
  [
    { modbus: { host: 'h', devices: [{ cylinder: 'a', unit: 1 }] }, sensors: { wRMSCurrent: '40001' } },
    /^sensors\.wRMSCurrent\.from must be a register, such as "holding 5200"/,
  ],
  [
    { modbus: { devices: [{ cylinder: 'a', unit: 1 }] }, sensors: { wRMSCurrent: 'input 0' } },
    /^modbus must have a host or a serial line/,
  ],
  [
    {
      modbus: { serial: { path: '/dev/ttyS0' }, port: 502, devices: [{ cylinder: 'a', unit: 1 }] },
      sensors: { wRMSCurrent: 'input 0' },
    },
    /^modbus has a serial line: port and framing are of a host$/,
  ],
  [{ opcua: { url: 'http://h' } }, /^opcua\.url must be an address as opc\.tcp:/],
  [
    { opcua: { url: 'opc.tcp://h', security: 'Basic256Sha256', mode: 'None' } },
    /^opcua has a mode that does not go with its security/,
  ],
  [
    { opcua: { url: 'opc.tcp://h' }, cylinder: 'a', sensors: { wRMSCurrent: 'Press1.Temp' } },
    /^sensors\.wRMSCurrent\.from must be a node, such as "nsu=/,
  ],
  [
    { opcua: { url: 'opc.tcp://h' }, cylinder: 'a', sensors: { wRMSCurrent: 'ns=2;s={at}.I' } },
    /^opcua\.devices must say what \{at\} in the sensors stands for/,
  ],
  [
    {
      opcua: {
        url: 'opc.tcp://h',
        devices: [
          { cylinder: 'a', at: 'A' },
          { cylinder: 'b', at: 'B' },
        ],
      },
      sensors: { wRMSCurrent: 'i=7' },
    },
    /^opcua\.devices are several: one of the sensors needs \{at\}/,
  ],
  [
    { opcua: { url: 'opc.tcp://h' }, sensors: { wRMSCurrent: 'i=7' } },
    /^cylinder must be a name, or opcua\.devices name them$/,
  ],
  [
    { sparkplug: { broker: 'ws://h' }, sensors: { wRMSCurrent: 'I' } },
    /^sparkplug\.broker must be an address/,
  ],
  [
    { sparkplug: { broker: 'mqtt://h' }, sensors: { wRMSCurrent: '{at}/I' } },
    /^sparkplug\.devices must say what \{at\}/,
  ],
];
for (const [value, expected] of WRONG) {
  test(`the mapping ${JSON.stringify(value)} is refused with the field and what is wrong`, () => {
    assert.match(faults(value), expected);
  });
}

test('short forms are what they stand for', () => {
  const reading = readMapping({ cylinder: 'a', gateway: 'g', time: 'Time', sensors: { wRMSCurrent: 'i' } });
  assert.ok(reading.ok);
  assert.deepEqual(reading.mapping, {
    cylinder: { name: 'a' },
    gateway: { name: 'g' },
    time: { from: ['Time'] },
    sensors: { wRMSCurrent: { from: 'i' } },
  });
  assert.equal(faults({}), '');
  assert.equal(faults({ time: 'arrival' }), '');
  assert.equal(faults({ time: { from: ['Date', 'Clock'], as: 'day-month-year', zone: 'Asia/Seoul' } }), '');
});

const CONVERTED: readonly (readonly [Sensor, Readonly<Record<string, unknown>>, number, number | null])[] = [
  ['rVibration_Temp', { scale: 0.01 }, 4150, 41.5],
  ['rVibration_Temp', { scale: 0.1, offset: -40 }, 815, 41.5],
  ['rVibration_Temp', { unit: '°F' }, 106.7, 41.5],
  ['rVibration_Temp', { unit: 'K' }, 314.65, 41.5],
  ['rVibration_Z_RMS_Velocity', { unit: 'in/s' }, 0.1, 2.54],
  ['rVibration_Z_RMS_Velocity', { unit: 'in/s peak' }, 0.1, 2.54 / Math.SQRT2],
  ['rVibration_Z_RMS_Velocity', { unit: 'g', hz: 29.17 }, 0.1, 980.665 / (2 * Math.PI * 29.17)],
  ['rVibration_X_RMS_Velocity', { unit: 'm/s²', hz: 50 }, 1, 1000 / (100 * Math.PI)],
  ['rVibration_X_RMS_Velocity', { unit: 'µm', hz: 50 }, 10, 0.01 * 100 * Math.PI],
  ['wRMSCurrent', { unit: 'mA' }, 3400, 3.4],
  ['wRMSCurrent', { unit: 'V', perVolt: 10 }, 0.34, 3.4],
  ['wCurrentLoad', { unit: 'ratio' }, 0.41, 41],
  ['wEncoderVelocity', { unit: 'Hz' }, 20, 1200],
  ['wEncoderVelocity', { unit: 'rad/s' }, Math.PI, 30],
  ['wEncoderVelocity', { missing: [65_535] }, 65_535, null],
  ['rVibration_Temp', { min: -40, max: 125 }, 3000, null],
  ['rVibration_Temp', { min: -40, max: 125 }, 125, 125],
];
for (const [sensor, rule, raw, expected] of CONVERTED) {
  test(`${raw} of ${sensor} by ${JSON.stringify(rule)} is ${expected}`, () => {
    const reading = readMapping({ sensors: { [sensor]: { from: 'x', ...rule } } });
    assert.ok(reading.ok);
    const checked = reading.mapping.sensors[sensor];
    assert.ok(checked !== undefined);
    const value = sensorConversion(sensor, checked)(raw);
    if (expected === null || value === null) assert.equal(value, expected);
    else assert.ok(Math.abs(value - expected) < 1e-9, `${value}`);
  });
}

test('every sensor may be mapped', () => {
  assert.equal(faults({ sensors: Object.fromEntries(SENSORS.map((sensor) => [sensor, sensor])) }), '');
});
