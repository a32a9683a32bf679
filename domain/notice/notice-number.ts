const NUMBERED = /^(.*)#(\d+)$/;

/** What a notice is one of: its incident, or a silence: `press-1@1763800000000` for `press-1@1763800000000#2`. */
export const noticeSeries = (id: string): string => NUMBERED.exec(id)?.[1] ?? id;

/** Its number there, counting from 1; 0 where it has none. */
export const noticeNumber = (id: string): number => Number(NUMBERED.exec(id)?.[2] ?? 0);

/** The name of the notice before it, or null for the first. */
export const noticeBefore = (id: string): string | null =>
  noticeNumber(id) < 2 ? null : `${noticeSeries(id)}#${noticeNumber(id) - 1}`;
