declare module 'ml-xgboost' {
  type Options = Readonly<Record<string, string | number>>;

  /** XGBoost of 2017 as WebAssembly; memory is freed by hand. */
  export class Booster {
    constructor(options: Options);
    train(rows: readonly (readonly number[])[], labels: readonly number[]): void;
    predict(rows: readonly (readonly number[])[]): readonly number[];
    /** The model in the headerless binary format, as signed bytes. */
    toJSON(): Readonly<{ model: readonly number[] }>;
    free(): void;
  }

  const ready: Promise<typeof Booster>;
  export default ready;
}
