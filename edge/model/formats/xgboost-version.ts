/** The major and minor number of the XGBoost that wrote a file; null before 1.0, which did not say. */
export type XgboostVersion = readonly [number, number] | null;

export const isSince = (version: XgboostVersion, major: number, minor: number): boolean => {
  if (version === null) return false;
  return version[0] > major || (version[0] === major && version[1] >= minor);
};
