const FUNCTION_ARN = /^arn:[\w-]+:lambda:[\w-]+:\d+:function:([\w-]+)(?::[\w$-]+)?$/;

/** The name in a function's ARN, whose version or alias does not matter; null where it is no such ARN. */
export const functionNameOf = (arn: string): string | null => FUNCTION_ARN.exec(arn)?.[1] ?? null;
