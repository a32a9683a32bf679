// @ts-check
/** The saved queries as Athena's console lists them, under the workgroup of the stack. */

/** @import { Framework } from './framework.d.ts' */

/** @param {string} name */
const inPascalCase = (name) => name.replace(/(^|-)([a-z])/g, (_, __, letter) => letter.toUpperCase());

/** What a description may hold at most. https://docs.aws.amazon.com/athena/latest/APIReference/API_NamedQuery.html */
const MAX_DESCRIPTION = 1024;

/** @param {Framework} framework */
module.exports = async ({ resolveVariable }) => {
  // Emulators are reached by this variable, and none of them knows the type.
  if ((await resolveVariable('param:store')) !== 'lake' || process.env.AWS_ENDPOINT_URL) return {};
  const { lastWeekInAthena, savedQueries } = await import('../analysis/saved-queries.ts');
  const Resources = Object.fromEntries(
    savedQueries().map((query) => [
      `SavedQuery${inPascalCase(query.name)}`,
      {
        Type: 'AWS::Athena::NamedQuery',
        Properties: {
          Name: query.name,
          Description: query.summary.slice(0, MAX_DESCRIPTION),
          Database: { Ref: 'LakeDatabase' },
          WorkGroup: { Ref: 'AthenaWorkgroup' },
          QueryString: lastWeekInAthena(query),
        },
      },
    ]),
  );
  return { Resources };
};
