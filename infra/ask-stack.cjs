// @ts-check
/**
 * @typedef {Readonly<{
 *   naming: { getStackName: () => string },
 *   getAwsSdkV3Config: () => Promise<import('@aws-sdk/client-cloudformation').CloudFormationClientConfig>,
 * }>} Aws
 */
/** @typedef {Record<string, { Type: string, Properties?: Record<string, unknown> }>} Resources */
/**
 * What the framework hands to a plugin.
 * @typedef {Readonly<{
 *   service: { provider: { compiledCloudFormationTemplate: { Resources: Resources } } },
 *   getProvider: (name: 'aws') => Aws,
 * }>} Serverless
 */

/**
 * Asks CloudFormation about the stack that is to be deployed; a stack that is not there answers `undefined`.
 * @template T
 * @param {Aws} aws the framework's provider
 * @param {(client: import('@aws-sdk/client-cloudformation').CloudFormationClient, StackName: string) => Promise<T>} question
 * @returns {Promise<T | undefined>}
 */
module.exports = async (aws, question) => {
  // Loaded only to deploy: the file is read for every command of the framework.
  const { CloudFormationClient } = require('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient(await aws.getAwsSdkV3Config());
  return question(client, aws.naming.getStackName()).catch((error) => {
    if (/does not exist/.test(String(error?.message))) return undefined;
    throw error;
  });
};
