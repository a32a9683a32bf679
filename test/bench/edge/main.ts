import { runBenches } from '../run-benches.ts';
import { challengerBench } from './challenger-bench.ts';
import { componentBench } from './component-bench.ts';
import { loadBench } from './load-bench.ts';
import { scoreBench } from './score-bench.ts';

await runBenches('bench:edge', [scoreBench, loadBench, challengerBench, componentBench]);
