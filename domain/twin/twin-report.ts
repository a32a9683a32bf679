/** What the named shadow `twin` of a cylinder reports: plain JSON, under 8 KB. */
export type TwinReport = Readonly<Record<string, unknown>>;
