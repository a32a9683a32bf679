// @ts-check
/** The columns of the lake's tables as the adapter writes them, and the JSON keys under which Firehose finds them. */
module.exports = async () => {
  const lake = await import('../aws/firehose/documents.ts');
  /** @template T @param {readonly import('../aws/firehose/documents.ts').LakeColumn<T>[]} columns */
  const named = (columns) => columns.map(({ name, type }) => ({ Name: name, Type: type }));
  /** @template T @param {readonly import('../aws/firehose/documents.ts').LakeColumn<T>[]} columns */
  const described = (columns) => ({ columns: named(columns), keys: lake.columnToJsonKeys(columns) });
  return {
    samples: described(lake.SAMPLE_COLUMNS),
    incidents: described(lake.INCIDENT_COLUMNS),
    events: Object.fromEntries(
      Object.entries(lake.EVENT_COLUMNS).map(([table, columns]) => [table, named(columns)]),
    ),
  };
};
