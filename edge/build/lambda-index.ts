/**
 * The first file of the Lambda package. The runtime of the nucleus asks for it in the old way; it starts the gateway,
 * which lives as long as the process, and answers whoever calls the function.
 */
export const LAMBDA_INDEX = `'use strict';

import('./app/edge/package/lambda.js')
  .then(({ startLambda }) => startLambda())
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });

exports.handler = async () => ({ running: true });
`;
