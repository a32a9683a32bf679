// @ts-check
/** The bucket of the lake, as `Fn::Sub` has it: one of the stack's own, or one that an earlier stack left behind. */

/** @import { Framework } from './framework.d.ts' */

/** @param {Framework} framework */
module.exports = async ({ resolveVariable }) => {
  const [store, bucket] = [await resolveVariable('param:store'), await resolveVariable('param:lakeBucket')];
  return bucket === ''
    ? {
        name: `\${Lake}`,
        arn: `\${Lake.Arn}`,
        resources: store === 'lake' ? `\${file(infra/lake-bucket.yml)}` : {},
      }
    : { name: bucket, arn: `arn:\${AWS::Partition}:s3:::${bucket}`, resources: {} };
};
