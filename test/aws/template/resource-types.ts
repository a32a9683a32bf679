/** Among which resources a name must be the only one of its kind. */
export type Scope =
  /** All accounts, or all regions of one. */
  | 'global'
  | 'region'
  /** The resource that it is a part of: a role, a database, a log group. */
  | 'parent'
  /** It is a label, or there is none. */
  | 'none';

export type ResourceType = Readonly<{
  /** The property that names it, as a path; null where it has no name that could be given. */
  name: string | null;
  scope: Scope;
  /** What a name may look like. */
  form: RegExp;
  /** The properties that only a new resource can have, its name left out. */
  createOnly: readonly string[];
}>;

const nameless = (...createOnly: readonly string[]): ResourceType => ({
  name: null,
  scope: 'none',
  form: /^/,
  createOnly,
});

const named = (name: string, scope: Scope, form: RegExp, ...createOnly: readonly string[]): ResourceType => ({
  name,
  scope,
  form,
  createOnly,
});

/** The page of a type: Lambda's function is at …/aws-resource-lambda-function.html. */
export const pageOf = (type: string): string => {
  const slug = type.replace('AWS::', '').replaceAll('::', '-').toLowerCase();
  return `https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-${slug}.html`;
};

const ONE_LINE = /^[^\p{C}]{1,255}$/u;

/**
 * How CloudFormation documents the types of which the stack is made ("Update requires: Replacement" makes a property
 * create-only), each on its page (`pageOf`). That dashboards are global is on theirs; configurations of the chat were seen
 * to be: https://github.com/aws-samples/aws-securityhub-to-slack/pull/11.
 */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::ApiGatewayV2::Api': named('Name', 'none', ONE_LINE, 'ProtocolType'),
  'AWS::ApiGatewayV2::Authorizer': named('Name', 'none', ONE_LINE, 'ApiId'),
  'AWS::ApiGatewayV2::Integration': nameless('ApiId'),
  'AWS::ApiGatewayV2::Route': nameless('ApiId'),
  'AWS::ApiGatewayV2::Stage': named('StageName', 'parent', /^(\$default|[\w-]{1,128})$/, 'ApiId'),
  'AWS::ApplicationAutoScaling::ScalableTarget': nameless(
    'ResourceId',
    'ScalableDimension',
    'ServiceNamespace',
  ),
  'AWS::ApplicationAutoScaling::ScalingPolicy': named('PolicyName', 'parent', ONE_LINE, 'ScalingTargetId'),
  // Its name is for people: two may bear one.
  'AWS::Athena::NamedQuery': nameless('Database', 'Description', 'Name', 'QueryString', 'WorkGroup'),
  'AWS::Athena::WorkGroup': named('Name', 'region', /^[\w.-]{1,128}$/),
  'AWS::Chatbot::SlackChannelConfiguration': named(
    'ConfigurationName',
    'global',
    /^[\w-]{1,128}$/,
    'SlackWorkspaceId',
  ),
  'AWS::CloudWatch::Alarm': named('AlarmName', 'region', ONE_LINE),
  'AWS::CloudWatch::Dashboard': named('DashboardName', 'global', /^[\w-]{1,255}$/),
  'AWS::Cognito::UserPool': named('UserPoolName', 'none', ONE_LINE),
  'AWS::Cognito::UserPoolClient': named('ClientName', 'none', ONE_LINE, 'GenerateSecret', 'UserPoolId'),
  // Made of the name of the API, which is the only one of a region.
  'AWS::Cognito::UserPoolDomain': named(
    'Domain',
    'parent',
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'UserPoolId',
  ),
  'AWS::Cognito::UserPoolGroup': named('GroupName', 'parent', /^\S{1,128}$/, 'UserPoolId'),
  'AWS::DynamoDB::Table': named('TableName', 'region', /^[\w.-]{3,255}$/, 'ImportSourceSpecification'),
  'AWS::Events::Rule': named('Name', 'region', /^[\w.-]{1,64}$/, 'EventBusName'),
  // Glue folds names to lower case.
  'AWS::Glue::Database': named('DatabaseInput.Name', 'region', /^[a-z0-9_]{1,255}$/),
  'AWS::Glue::Table': named('TableInput.Name', 'parent', /^[a-z0-9_]{1,255}$/, 'CatalogId', 'DatabaseName'),
  'AWS::GreengrassV2::ComponentVersion': nameless('InlineRecipe', 'LambdaFunction'),
  'AWS::GreengrassV2::Deployment': named(
    'DeploymentName',
    'none',
    /^.{1,256}$/,
    'TargetArn',
    'Components',
    'DeploymentPolicies',
  ),
  'AWS::IAM::Policy': named('PolicyName', 'parent', /^[\w+=,.@-]{1,128}$/),
  'AWS::IAM::Role': named('RoleName', 'global', /^[\w+=,.@-]{1,64}$/, 'Path'),
  'AWS::IoT::TopicRule': named('RuleName', 'region', /^\w{1,128}$/),
  'AWS::KMS::Key': nameless(),
  'AWS::Kinesis::Stream': named('Name', 'region', /^[\w.-]{1,128}$/),
  'AWS::KinesisFirehose::DeliveryStream': named(
    'DeliveryStreamName',
    'region',
    /^[\w.-]{1,64}$/,
    'DeliveryStreamType',
    'KinesisStreamSourceConfiguration',
  ),
  'AWS::Lambda::Alias': named('Name', 'parent', /^(?!\d+$)[\w-]{1,128}$/, 'FunctionName'),
  'AWS::Lambda::EventInvokeConfig': nameless('FunctionName', 'Qualifier'),
  'AWS::Lambda::EventSourceMapping': nameless(
    'EventSourceArn',
    'StartingPosition',
    'StartingPositionTimestamp',
  ),
  'AWS::Lambda::Function': named('FunctionName', 'region', /^[\w-]{1,64}$/, 'PackageType'),
  'AWS::Lambda::Permission': nameless('Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn'),
  'AWS::Lambda::Version': nameless('Description', 'FunctionName'),
  'AWS::Logs::LogGroup': named('LogGroupName', 'region', /^[\w.\-/#]{1,512}$/),
  'AWS::Logs::LogStream': named('LogStreamName', 'parent', /^[^:*]{1,512}$/, 'LogGroupName'),
  'AWS::S3::Bucket': named('BucketName', 'global', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
  'AWS::S3::BucketPolicy': nameless('Bucket'),
  'AWS::SNS::Subscription': nameless('Endpoint', 'Protocol', 'TopicArn'),
  'AWS::SNS::Topic': named('TopicName', 'region', /^[\w-]{1,256}$/, 'FifoTopic'),
  'AWS::SNS::TopicPolicy': nameless(),
  'AWS::SQS::Queue': named('QueueName', 'region', /^[\w-]{1,80}$/, 'FifoQueue'),
  'AWS::SQS::QueuePolicy': nameless(),
  'AWS::Timestream::Database': named('DatabaseName', 'region', /^[\w.-]{3,256}$/),
  'AWS::Timestream::Table': named('TableName', 'parent', /^[\w.-]{3,256}$/, 'DatabaseName'),
};
