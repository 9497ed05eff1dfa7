import { App, Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';

const app = new App();
const env = { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION };
const stack = new Stack(app, 'ReleaseNotes', { env });
new StringParameter(stack, 'Motto', { parameterName: '/release-notes/motto', stringValue: 'steady as she goes' });
