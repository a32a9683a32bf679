import { type Fields, isFields } from '../../domain/fields.ts';
import type { TwinReport } from '../../domain/twin/build-twin.ts';
import { answeredCommands } from '../../domain/twin/desired.ts';
import type { Twins } from '../../usecases/ports/twins.ts';
import { ReportRefused, type ShadowService } from './shadow-service.ts';

/** What a twin says to have become of a command, for whoever looks on; `before` is what it reported until then. */
export type Answered = Readonly<{ cylinder: string; verdict: Fields; twin: TwinReport; before: Fields }>;

type Ports = Readonly<{
  shadows: ShadowService;
  onAnswered: (answered: Answered) => void;
  log: (line: string) => void;
}>;

export const TWIN = 'twin';

const verdictsOf = (lastCommands: unknown): readonly Answered['verdict'][] =>
  Array.isArray(lastCommands) ? lastCommands.filter(isFields) : [];

/** Verdicts that were not reported yet, the oldest first; one that was asked for once more is none. */
const freshOf = (before: unknown, after: TwinReport): readonly Answered['verdict'][] => {
  const known = new Set(verdictsOf(before).map(({ kind, asked, at }) => `${kind} ${asked} ${at}`));
  return verdictsOf(after.lastCommands)
    .filter(({ kind, asked, at }) => !known.has(`${kind} ${asked} ${at}`))
    .toReversed();
};

/** The twins as shadows of this machine, which says what it had to answer; a report without room is logged. */
export const shadowTwins = ({ shadows, onAnswered, log }: Ports): Twins => ({
  report: async (cylinder, twin) => {
    const reported = shadows.get(cylinder, TWIN)?.state.reported;
    const before = isFields(reported) ? reported : {};
    const fresh = freshOf(before.lastCommands, twin);
    await shadows
      .report(cylinder, TWIN, twin, (desired, metadata) => answeredCommands(twin, desired, metadata))
      .catch((error: unknown) => {
        if (!(error instanceof ReportRefused)) throw error;
        log(error.message);
      });
    for (const verdict of fresh) onAnswered({ cylinder, verdict, twin, before });
  },
});
