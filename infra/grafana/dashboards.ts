/** A panel: its title, the saved query that it asks, how it is drawn, and how wide and high it is, of 24. */
export type Panel = Readonly<{
  title: string;
  query: string;
  kind: 'table' | 'timeseries' | 'barchart' | 'stat';
  width: number;
  height: number;
  /** The columns that are drawn; all of them where none is named. */
  columns?: readonly string[];
}>;

export type Board = Readonly<{ uid: string; title: string; panels: readonly Panel[] }>;

/** The dashboards, each panel with the saved query that it asks: names are those of docs/queries.md. */
export const BOARDS: readonly Board[] = [
  {
    uid: 'sentinel-fleet',
    title: 'Cylinders: fleet',
    panels: [
      { title: 'Reliability', query: 'reliability', kind: 'table', width: 12, height: 10 },
      { title: 'Worst actors', query: 'worst-actors', kind: 'table', width: 12, height: 10 },
      {
        title: 'Hours in trouble',
        query: 'worst-actors',
        kind: 'barchart',
        width: 12,
        height: 9,
        columns: ['cylinder', 'trouble_hours'],
      },
      {
        title: 'Notices a day',
        query: 'alarm-load',
        kind: 'timeseries',
        width: 12,
        height: 9,
        columns: ['day', 'notices', 'incidents', 'flood_periods'],
      },
      { title: 'Models', query: 'models', kind: 'table', width: 12, height: 6 },
      { title: 'Messages by gateway', query: 'messages', kind: 'table', width: 12, height: 6 },
    ],
  },
  {
    uid: 'sentinel-cylinder',
    title: 'Cylinders: one cylinder',
    panels: [
      {
        title: 'Score',
        query: 'course',
        kind: 'timeseries',
        width: 24,
        height: 8,
        columns: ['t', 'probability', 'probability_max'],
      },
      {
        title: 'Temperature, °C',
        query: 'course',
        kind: 'timeseries',
        width: 8,
        height: 7,
        columns: ['t', 'temp_c'],
      },
      {
        title: 'Vibration, mm/s RMS',
        query: 'course',
        kind: 'timeseries',
        width: 8,
        height: 7,
        columns: ['t', 'z_mm_s', 'x_mm_s'],
      },
      {
        title: 'Current, A',
        query: 'course',
        kind: 'timeseries',
        width: 8,
        height: 7,
        columns: ['t', 'current_a'],
      },
      {
        title: 'Load, %',
        query: 'course',
        kind: 'timeseries',
        width: 12,
        height: 7,
        columns: ['t', 'load_percent'],
      },
      {
        title: 'Speed, RPM',
        query: 'course',
        kind: 'timeseries',
        width: 12,
        height: 7,
        columns: ['t', 'encoder_rpm'],
      },
      { title: 'Abnormal by hour', query: 'abnormal-by-hour', kind: 'table', width: 12, height: 8 },
      { title: 'Running hours', query: 'running-hours', kind: 'table', width: 12, height: 8 },
    ],
  },
  {
    uid: 'sentinel-incidents',
    title: 'Cylinders: incidents',
    panels: [
      { title: 'Incidents', query: 'incidents', kind: 'table', width: 24, height: 12 },
      { title: 'Why', query: 'contributions', kind: 'table', width: 12, height: 9 },
      { title: 'Were the alerts right?', query: 'alert-precision', kind: 'table', width: 12, height: 9 },
      { title: 'The hour before', query: 'before-incidents', kind: 'table', width: 24, height: 9 },
    ],
  },
  {
    uid: 'sentinel-data-quality',
    title: 'Cylinders: data quality',
    panels: [
      { title: 'Coverage', query: 'coverage', kind: 'table', width: 24, height: 10 },
      { title: 'Gaps', query: 'gaps', kind: 'table', width: 12, height: 9 },
      { title: 'Drift', query: 'drift', kind: 'table', width: 12, height: 9 },
    ],
  },
];
