import { alarmsOf } from './evaluation/alarms-of.ts';
import { type Alarm, evaluate } from './evaluation/detection.ts';
import type { Judgement } from './evaluation/score-card.ts';
import type { PolicyOutcome } from './policy-run.ts';

/** All alarms of an outcome: what its incidents told people. */
export const alarmsIn = ({ incidents, cylinders }: PolicyOutcome): readonly Alarm[] =>
  incidents.flatMap((incident) => {
    const policy = cylinders.get(incident.cylinder)?.policy;
    return policy === undefined ? [] : alarmsOf(incident, policy);
  });

/** Holds the alarms of an outcome against the labels, cylinder by cylinder; an alarm where nobody knows what was true is not judged. */
export const judgeOutcome = (outcome: PolicyOutcome): Judgement => {
  const alarms = alarmsIn(outcome);
  const judged = [...outcome.cylinders].map(([name, { policy, labels }]) => {
    const its = alarms.filter(({ cylinder }) => cylinder === name);
    const { detections, falseAlarms } = evaluate(labels.episodes, its, policy.windowMs);
    return { detections, falseAlarms: falseAlarms.filter(({ raisedMs }) => labels.isSound(raisedMs)) };
  });
  return {
    detections: judged
      .flatMap(({ detections }) => detections)
      .sort((a, b) => a.episode.beginMs - b.episode.beginMs),
    falseAlarms: judged.flatMap(({ falseAlarms }) => falseAlarms).sort((a, b) => a.raisedMs - b.raisedMs),
    soundMs: [...outcome.cylinders.values()].reduce((sum, { labels }) => sum + labels.soundMs, 0),
  };
};
