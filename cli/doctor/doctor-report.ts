import type { Finding, Status } from './finding.ts';

const COLOUR: Readonly<Record<Status, number>> = { ok: 32, warn: 33, fail: 31 };

const sums = (findings: readonly Finding[]): string => {
  const count = (status: Status): number => findings.filter((finding) => finding.status === status).length;
  const [fails, warns] = [count('fail'), count('warn')];
  if (fails > 0) return `${fails} to put right before a deploy, ${warns} to know of.`;
  return warns > 0 ? `Ready to deploy; ${warns} to know of.` : 'Ready to deploy.';
};

/** The findings as a table, with what to do below each that needs it; in colours where asked for. */
export const doctorReport = (findings: readonly Finding[], colours: boolean): string => {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const mark = (status: Status): string => {
    const text = status.padEnd(4);
    return colours ? `\u001b[${COLOUR[status]}m${text}\u001b[0m` : text;
  };
  const lines = findings.flatMap(({ check, status, found, advice }) => [
    `${mark(status)}  ${check.padEnd(width)}  ${found}`,
    ...(advice === null ? [] : [`${' '.repeat(width + 8)}→ ${advice}`]),
  ]);
  return `${[...lines, '', sums(findings)].join('\n')}\n`;
};
