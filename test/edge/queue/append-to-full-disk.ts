import { openQueue } from '../../../edge/queue/queue.ts';
import { queuedSamples } from './queue-samples.ts';

/** Appends far more than the disk takes, lets some of it arrive, and prints what became of the rest. */
const [path = ''] = process.argv.slice(2);
const troubles: (string | null)[] = [];
const queue = openQueue({ path, onTrouble: (message) => troubles.push(message) });
for (let seq = 0; seq < 8000; seq += 500) {
  queue.append(queuedSamples('a', seq, seq + 500));
  queue.commit();
}
const handed = queue.take('recent', 0, 100_000);
queue.acknowledge(handed.slice(0, 3000));
queue.requeue(handed.slice(3000));
queue.commit();
const again = queue.take('recent', 0, 100_000);
const numbers = (samples: typeof handed) => samples.map(({ sample }) => sample.seq);
process.stdout.write(
  JSON.stringify({ troubles, handed: numbers(handed), again: numbers(again), size: queue.size() }),
);
process.exit(0);
