/** What the framework hands to a file that makes a part of the configuration. */
export type Framework = Readonly<{
  options: Readonly<{ param?: string | readonly string[]; stage?: string }>;
  /** The value of a variable, as `param:store`. */
  resolveVariable: (variable: string) => Promise<string>;
  resolveConfigurationProperty: (path: readonly string[]) => Promise<object>;
}>;

/** A value in a template: plain, or one that CloudFormation puts in. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

/** A part of a template. */
export type Fields = Readonly<Record<string, Value>>;
