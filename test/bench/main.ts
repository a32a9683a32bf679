import { adviceBench } from './advice/advice-bench.ts';
import { csvBench } from './csv/csv-bench.ts';
import { deskBench } from './desk/desk-bench.ts';
import { foldBench } from './fold/fold-bench.ts';
import { idleBench } from './idle/idle-bench.ts';
import { pipelineBench } from './pipeline/pipeline-bench.ts';
import { queryBench } from './query/query-bench.ts';
import { runBenches } from './run-benches.ts';
import { scaleBench } from './scale/scale-bench.ts';
import { sourcesBench } from './sources/sources-bench.ts';
import { tuneBench } from './tune/tune-bench.ts';

await runBenches('bench', [
  pipelineBench,
  foldBench,
  idleBench,
  adviceBench,
  deskBench,
  scaleBench,
  sourcesBench,
  csvBench,
  queryBench,
  tuneBench,
]);
